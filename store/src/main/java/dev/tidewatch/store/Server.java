package dev.tidewatch.store;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.ClientFaultCause;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.query.QueryResponse;
import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.data.ClickHouseFormat;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/**
 * The wire: statements, queries and inserts over ClickHouse's HTTP interface. Everything that goes
 * wrong comes out as a {@link StoreException}; nothing is retried here except a read whose pooled
 * connection turns out to be dead.
 */
final class Server implements AutoCloseable {
  /** Compressed in blocks of this many bytes; the client's 8 KiB cost a quarter of the speed. */
  private static final int LZ4_BLOCK = 1 << 18;

  private static final Duration PING_TIMEOUT = Duration.ofSeconds(1);

  private final ClickHouseEndpoint endpoint;
  private final StoreOptions options;
  private final Client client;

  Server(ClickHouseEndpoint endpoint, StoreOptions options) {
    this.endpoint = endpoint;
    this.options = options;
    this.client = client(endpoint, options);
  }

  private static Client client(ClickHouseEndpoint endpoint, StoreOptions options) {
    return new Client.Builder()
        .addEndpoint(endpoint.url())
        .setUsername(endpoint.user())
        .setPassword(endpoint.password())
        .setDefaultDatabase(endpoint.database())
        .setClientName("tidewatch-store")
        .setConnectTimeout(options.connectTimeout().toMillis())
        .setConnectionRequestTimeout(options.writeTimeout().toMillis(), ChronoUnit.MILLIS)
        .setMaxConnections(16)
        .setKeepAliveTimeout(10, ChronoUnit.SECONDS)
        .compressClientRequest(true)
        .compressServerResponse(true)
        .setLZ4UncompressedBufferSize(LZ4_BLOCK)
        .setMaxRetries(0)
        .retryOnFailures(ClientFaultCause.None)
        .build();
  }

  ClickHouseEndpoint endpoint() {
    return endpoint;
  }

  StoreOptions options() {
    return options;
  }

  /** A trivial query in the default database. */
  void ping() {
    QuerySettings settings = querySettings(PING_TIMEOUT).setDatabase("default");
    attempt(
        "ping",
        () -> {
          client.query("SELECT 1", settings).get().close();
          return true;
        });
  }

  /** Runs a statement without a result in {@code database}. */
  void execute(String doing, String sql, QueryParameters parameters, String database) {
    QuerySettings settings = querySettings(options.writeTimeout()).setDatabase(database);
    attempt(
        doing,
        () -> {
          client.query(sql, parameters.values(), settings).get().close();
          return true;
        });
  }

  /** All rows of a query. */
  <T> List<T> query(
      String doing, String sql, QueryParameters parameters, RowBinaryReader.Element<T> row) {
    return query(doing, sql, parameters, options.queryTimeout(), row);
  }

  <T> List<T> query(
      String doing,
      String sql,
      QueryParameters parameters,
      Duration timeout,
      RowBinaryReader.Element<T> row) {
    return attempt(
        doing,
        () -> {
          try (QueryResponse response =
              client.query(sql, parameters.values(), querySettings(timeout)).get()) {
            return new RowBinaryReader(response.getInputStream()).rows(row);
          }
        });
  }

  /** One insert of the rows in {@code rows}, acknowledged. */
  void insert(String table, List<String> columns, RowBinaryBuffer rows) {
    attempt(
        "insert into " + table,
        () -> {
          client
              .insert(table, columns, rows::writeTo, ClickHouseFormat.RowBinary, insertSettings())
              .get()
              .close();
          return true;
        });
  }

  @Override
  public void close() {
    client.close();
  }

  private QuerySettings querySettings(Duration timeout) {
    QuerySettings settings =
        new QuerySettings()
            .setFormat(ClickHouseFormat.RowBinary)
            .waitEndOfQuery(true)
            .setMaxExecutionTime(seconds(timeout))
            .serverSetting("max_threads", Integer.toString(options.queryThreads()))
            .serverSetting("max_memory_usage", Long.toString(options.queryMemoryBytes()))
            .serverSetting("do_not_merge_across_partitions_select_final", "1");
    settings.setNetworkTimeout(grace(timeout).toMillis(), ChronoUnit.MILLIS);
    return settings;
  }

  private InsertSettings insertSettings() {
    InsertSettings settings =
        new InsertSettings()
            .serverSetting("async_insert", "0")
            .serverSetting("wait_end_of_query", "1")
            // Old telemetry replayed: a batch may span more months than the default allows.
            .serverSetting("max_partitions_per_insert_block", "0")
            .serverSetting("max_execution_time", Integer.toString(seconds(options.writeTimeout())));
    settings.setNetworkTimeout(grace(options.writeTimeout()).toMillis(), ChronoUnit.MILLIS);
    return settings;
  }

  /** The server gives up first and says why; the socket is the safety net. */
  private static Duration grace(Duration timeout) {
    return timeout.plusSeconds(2);
  }

  private static int seconds(Duration timeout) {
    return (int) Math.max(1, timeout.toSeconds());
  }

  private static <T> T attempt(String doing, Callable<T> call) {
    try {
      return call.call();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw StoreFailures.of(doing + " was interrupted", e);
    } catch (ExecutionException e) {
      throw StoreFailures.of(doing, e.getCause() == null ? e : e.getCause());
    } catch (Exception e) {
      throw StoreFailures.of(doing, e);
    }
  }
}
