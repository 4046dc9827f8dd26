package dev.tidewatch.store;

import com.clickhouse.client.api.ConnectionInitiationException;
import com.clickhouse.client.api.DataTransferException;
import com.clickhouse.client.api.ServerException;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sorts what went wrong into {@link StoreUnavailableException} and {@link StoreRejectedException}.
 *
 * <p>An answer's code decides. A connection that fails says nothing about the data, so that is
 * unavailable; a failure on our side that has nothing to do with the network would come again.
 * Codes that say "this server is not set up" (no such table, wrong password) are unavailable too: a
 * writer must keep its data until somebody has set it up, not call the data bad.
 *
 * @see <a
 *     href="https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp">ErrorCodes.cpp</a>
 */
final class StoreFailures {
  static final int MEMORY_LIMIT_EXCEEDED = 241;

  /** Time, load, memory, disk, network, replication: passes by itself or by an operator's hand. */
  private static final Set<Integer> PASSING =
      Set.of(
          3, // UNEXPECTED_END_OF_FILE: the connection broke inside the request's body
          23, // CANNOT_READ_FROM_ISTREAM
          24, // CANNOT_WRITE_TO_OSTREAM
          74, // CANNOT_READ_FROM_FILE_DESCRIPTOR
          75, // CANNOT_WRITE_TO_FILE_DESCRIPTOR
          76, // CANNOT_OPEN_FILE
          88, // CANNOT_TRUNCATE_FILE
          95, // CANNOT_READ_FROM_SOCKET
          96, // CANNOT_WRITE_TO_SOCKET
          159, // TIMEOUT_EXCEEDED
          160, // TOO_SLOW
          164, // READONLY
          172, // CANNOT_CREATE_DIRECTORY
          173, // CANNOT_ALLOCATE_MEMORY
          202, // TOO_MANY_SIMULTANEOUS_QUERIES
          203, // NO_FREE_CONNECTION
          204, // CANNOT_FSYNC
          209, // SOCKET_TIMEOUT
          210, // NETWORK_ERROR
          225, // NO_ZOOKEEPER
          236, // ABORTED: the server is shutting down
          MEMORY_LIMIT_EXCEEDED,
          242, // TABLE_IS_READ_ONLY
          243, // NOT_ENOUGH_SPACE
          244, // UNEXPECTED_ZOOKEEPER_ERROR
          252, // TOO_MANY_PARTS
          279, // ALL_CONNECTION_TRIES_FAILED
          285, // TOO_FEW_LIVE_REPLICAS
          286, // UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE
          319, // UNKNOWN_STATUS_OF_INSERT
          394, // QUERY_WAS_CANCELLED
          425, // SYSTEM_ERROR
          473, // DEADLOCK_AVOIDED
          499, // S3_ERROR
          999, // KEEPER_EXCEPTION
          1000, // POCO_EXCEPTION
          1001, // STD_EXCEPTION: e.g. a filesystem error
          1002); // UNKNOWN_EXCEPTION

  /** The server is there but not (yet) as the store needs it. */
  private static final Set<Integer> NOT_SET_UP =
      Set.of(
          16, // NO_SUCH_COLUMN_IN_TABLE
          60, // UNKNOWN_TABLE
          81, // UNKNOWN_DATABASE
          192, // UNKNOWN_USER
          193, // WRONG_PASSWORD
          194, // REQUIRED_PASSWORD
          497, // ACCESS_DENIED
          516); // AUTHENTICATION_FAILED

  private StoreFailures() {}

  /**
   * @param doing what was attempted, e.g. {@code insert into events}
   */
  static StoreException of(String doing, Throwable thrown) {
    ServerException answer = find(thrown, ServerException.class);
    if (answer == null) {
      return withoutAnswer(doing, thrown);
    }
    int code = answer.getCode();
    String message = doing + ": ClickHouse error " + code + ": " + firstLine(answer.getMessage());
    return PASSING.contains(code) || NOT_SET_UP.contains(code)
        ? new StoreUnavailableException(message, code, thrown)
        : new StoreRejectedException(message, code, thrown);
  }

  private static StoreException withoutAnswer(String doing, Throwable thrown) {
    boolean passing =
        find(thrown, IOException.class) != null
            || find(thrown, InterruptedException.class) != null
            || find(thrown, ConnectionInitiationException.class) != null
            || find(thrown, DataTransferException.class) != null;
    return passing
        ? new StoreUnavailableException(
            doing + ": no answer from ClickHouse: " + rootMessage(thrown),
            StoreException.NO_CODE,
            thrown)
        : new StoreRejectedException(
            doing + " failed before ClickHouse answered: " + rootMessage(thrown),
            StoreException.NO_CODE,
            thrown);
  }

  private static <T> @Nullable T find(Throwable thrown, Class<T> type) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return type.cast(t);
      }
    }
    return null;
  }

  private static String rootMessage(Throwable thrown) {
    Throwable telling = thrown;
    while (telling.getCause() != null) {
      telling = telling.getCause();
    }
    return telling.getClass().getSimpleName() + ": " + firstLine(telling.getMessage());
  }

  /** Messages repeat the statement's data; a line of bounded length is enough to act on. */
  private static String firstLine(@Nullable String message) {
    String line = message == null ? "" : message.lines().findFirst().orElse("");
    return line.length() <= 500 ? line : line.substring(0, 500) + "…";
  }
}
