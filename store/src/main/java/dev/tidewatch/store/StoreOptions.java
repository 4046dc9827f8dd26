package dev.tidewatch.store;

import java.io.Serializable;
import java.time.Duration;

/**
 * How the store talks to ClickHouse.
 *
 * @param connectTimeout until a TCP connection stands; default 2 s
 * @param writeTimeout until an insert is acknowledged, on both sides of the wire; default 30 s. The
 *     alert tail re-reads twice this span, so that a slow insert is not skipped
 * @param queryTimeout until a query has answered, on both sides of the wire; default 15 s
 * @param queryThreads ClickHouse threads per query; default 2
 * @param queryMemoryBytes ClickHouse memory per query; default 512 MiB
 * @param cluster ClickHouse cluster to create tables on ({@code ON CLUSTER}, replicated engines);
 *     empty, the default, for one node
 */
public record StoreOptions(
    Duration connectTimeout,
    Duration writeTimeout,
    Duration queryTimeout,
    int queryThreads,
    long queryMemoryBytes,
    String cluster)
    implements Serializable {

  public static StoreOptions defaults() {
    return new StoreOptions(
        Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofSeconds(15), 2, 512L << 20, "");
  }

  public StoreOptions {
    requirePositive("connectTimeout", connectTimeout.toMillis());
    requirePositive("writeTimeout", writeTimeout.toMillis());
    requirePositive("queryTimeout", queryTimeout.toMillis());
    requirePositive("queryThreads", queryThreads);
    requirePositive("queryMemoryBytes", queryMemoryBytes);
    if (!cluster.isEmpty()) {
      ClickHouseEndpoint.requireIdentifier("cluster", cluster);
    }
  }

  public StoreOptions withWriteTimeout(Duration timeout) {
    return new StoreOptions(
        connectTimeout, timeout, queryTimeout, queryThreads, queryMemoryBytes, cluster);
  }

  public StoreOptions withQueryTimeout(Duration timeout) {
    return new StoreOptions(
        connectTimeout, writeTimeout, timeout, queryThreads, queryMemoryBytes, cluster);
  }

  public StoreOptions withCluster(String name) {
    return new StoreOptions(
        connectTimeout, writeTimeout, queryTimeout, queryThreads, queryMemoryBytes, name);
  }

  private static void requirePositive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, not " + value);
    }
  }
}
