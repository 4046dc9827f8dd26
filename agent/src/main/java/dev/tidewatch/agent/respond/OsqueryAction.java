package dev.tidewatch.agent.respond;

import com.google.protobuf.ByteString;
import dev.tidewatch.ingest.v1.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** One SELECT through osqueryi. */
final class OsqueryAction implements Action {
  private static final int MAX_SQL = 64 << 10;
  private static final int MAX_OUTPUT = 2 << 20;
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final Duration USUAL = Duration.ofSeconds(30);

  private final Path osqueryi;

  OsqueryAction(Path osqueryi) {
    this.osqueryi = osqueryi;
  }

  @Override
  public Outcome perform(Command command) throws Refused, IOException, InterruptedException {
    String sql = statement(command.getRunOsquery().getSql());
    long wanted = command.getRunOsquery().getTimeoutMs();
    Duration timeout =
        wanted <= 0 ? USUAL : Duration.ofMillis(Math.min(wanted, LONGEST.toMillis()));
    if (command.getDryRun()) {
      return Outcome.of("would ask osquery: " + sql);
    }
    String rows = Program.run(List.of(osqueryi.toString(), "--json", sql), "", timeout, MAX_OUTPUT);
    return Outcome.withOutput("osquery answered", ByteString.copyFromUtf8(rows));
  }

  /** Reads only: osquery's own tables can be asked, nothing be attached or written. */
  static String statement(String text) throws Refused {
    String sql = text.strip();
    if (sql.endsWith(";")) {
      sql = sql.substring(0, sql.length() - 1).strip();
    }
    String lower = sql.toLowerCase(Locale.ROOT);
    boolean select = lower.matches("(?s)(select|with)\\s.*");
    if (!select || sql.indexOf(';') >= 0 || sql.indexOf('\0') >= 0 || sql.length() > MAX_SQL) {
      throw Refused.because("malformed", "one SELECT without a semicolon in it");
    }
    return sql;
  }
}
