package dev.tidewatch.control.change;

import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.request.Failures;
import io.grpc.Status;
import java.util.function.IntSupplier;

/** What the database's constraints refuse, in the words of the API. */
public final class Conflicts {
  private static final String UNIQUE = "23505";
  private static final String FOREIGN_KEY = "23503";

  private Conflicts() {}

  /**
   * Runs a statement.
   *
   * @param taken what to say when a unique value exists already (ALREADY_EXISTS)
   */
  public static void named(String taken, IntSupplier statement) {
    try {
      int unused = statement.getAsInt();
    } catch (RuntimeException e) {
      if (ControlDatabase.violates(e, UNIQUE)) {
        throw Status.ALREADY_EXISTS.withDescription(taken).asRuntimeException();
      }
      throw ControlDatabase.violates(e, FOREIGN_KEY) ? Failures.notFound("no such tenant") : e;
    }
  }
}
