package dev.tidewatch.store;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.ClientFaultCause;
import com.clickhouse.client.api.query.QueryResponse;
import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.data.ClickHouseFormat;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/**
 * The wire: statements and queries over ClickHouse's HTTP interface; {@link InsertChannel} inserts.
 * Everything that goes wrong comes out as a {@link StoreException}.
 */
final class Server implements AutoCloseable {
  private static final Duration PING_TIMEOUT = Duration.ofSeconds(1);

  /** The server gives up first and says why; the client waits this much longer. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final ClickHouseEndpoint endpoint;
  private final StoreOptions options;
  private final Client client;
  private final List<InsertChannel> channels = new ArrayList<>();
  private final SettledDays settled = new SettledDays(this);
  private final CountedDays counted = new CountedDays(this);

  Server(ClickHouseEndpoint endpoint, StoreOptions options) {
    this.endpoint = endpoint;
    this.options = options;
    this.client = newClient();
  }

  /** Connects when it is first used. */
  Client newClient() {
    return new Client.Builder()
        .addEndpoint(endpoint.url())
        .setUsername(endpoint.user())
        .setPassword(endpoint.password())
        .setDefaultDatabase(endpoint.database())
        .setClientName("tidewatch-store")
        .setConnectTimeout(options.connectTimeout().toMillis())
        .setConnectionRequestTimeout(options.queryTimeout().toMillis(), ChronoUnit.MILLIS)
        .setMaxConnections(16)
        .setKeepAliveTimeout(10, ChronoUnit.SECONDS)
        .compressClientRequest(false)
        .compressServerResponse(true)
        // A pooled connection that died with a server that is back. Nothing of ours is harmed by
        // arriving twice.
        .setMaxRetries(1)
        .retryOnFailures(ClientFaultCause.NoHttpResponse)
        .build();
  }

  ClickHouseEndpoint endpoint() {
    return endpoint;
  }

  SettledDays settled() {
    return settled;
  }

  CountedDays counted() {
    return counted;
  }

  StoreOptions options() {
    return options;
  }

  /** A connection for inserts, closed with this server. */
  synchronized InsertChannel newChannel() {
    InsertChannel channel = new InsertChannel(this);
    channels.add(channel);
    return channel;
  }

  /** A trivial query in the default database. */
  void ping() {
    QuerySettings settings = querySettings(PING_TIMEOUT).setDatabase("default");
    attempt("ping", () -> discard(client.query("SELECT 1", settings).get()));
  }

  /** Runs a statement without a result in {@code database}. */
  void execute(String doing, String sql, QueryParameters parameters, String database) {
    QuerySettings settings = querySettings(options.writeTimeout()).setDatabase(database);
    attempt(doing, () -> discard(client.query(sql, parameters.values(), settings).get()));
  }

  private static boolean discard(QueryResponse response) throws Exception {
    response.close();
    return true;
  }

  /** All rows of a query. */
  <T> List<T> query(
      String doing, String sql, QueryParameters parameters, RowBinaryReader.Element<T> row) {
    QuerySettings settings = querySettings(options.queryTimeout());
    return attempt(
        doing,
        () -> {
          try (QueryResponse response = client.query(sql, parameters.values(), settings).get()) {
            return new RowBinaryReader(response.getInputStream()).rows(row);
          }
        });
  }

  @Override
  public synchronized void close() {
    channels.forEach(InsertChannel::close);
    client.close();
  }

  private QuerySettings querySettings(Duration timeout) {
    QuerySettings settings =
        new QuerySettings()
            .setFormat(ClickHouseFormat.RowBinary)
            // Results are small; an error in their middle must not look like their end.
            .waitEndOfQuery(true)
            .setMaxExecutionTime(seconds(timeout))
            .serverSetting("max_threads", Integer.toString(options.queryThreads()))
            .serverSetting("max_memory_usage", Long.toString(options.queryMemoryBytes()))
            .serverSetting("do_not_merge_across_partitions_select_final", "1");
    settings.setNetworkTimeout(withGrace(timeout).toMillis(), ChronoUnit.MILLIS);
    return settings;
  }

  static Duration withGrace(Duration timeout) {
    return timeout.plus(GRACE);
  }

  /** For ClickHouse's settings, which count whole seconds. */
  static int seconds(Duration timeout) {
    return (int) Math.max(1, timeout.toSeconds());
  }

  static <T> T attempt(String doing, Callable<T> call) {
    try {
      return call.call();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw StoreFailures.of(doing, e);
    } catch (ExecutionException e) {
      throw StoreFailures.of(doing, e.getCause() == null ? e : e.getCause());
    } catch (Exception e) {
      throw StoreFailures.of(doing, e);
    }
  }
}
