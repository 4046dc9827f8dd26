package dev.tidewatch.store;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.data.ClickHouseFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import net.jpountz.lz4.LZ4FrameOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * One writer's connection. Inserts in one request each, and never hangs.
 *
 * <p>A socket has a timeout for reading but none for writing: a server that takes the request and
 * stops reading (suspended, or its host gone) would hold the writer until TCP gives up, a quarter
 * of an hour. So a watchdog closes the connection when the write timeout is over; the blocked write
 * fails, and the next insert connects anew. One connection per writer, so that nobody else's
 * request is cut.
 */
final class InsertChannel implements AutoCloseable {
  private static final ScheduledThreadPoolExecutor WATCHDOG = watchdog();

  private final Server server;
  private @Nullable Client client;
  private boolean closed;

  InsertChannel(Server server) {
    this.server = server;
  }

  /** One insert of the rows in {@code rows}, acknowledged. */
  void insert(String table, List<String> columns, RowBinaryBuffer rows) {
    String doing = "insert into " + table;
    Client connected = client(doing);
    Duration limit = Server.withGrace(server.options().writeTimeout());
    Future<?> cut =
        WATCHDOG.schedule(() -> drop(connected), limit.toMillis(), TimeUnit.MILLISECONDS);
    try {
      Server.attempt(doing, () -> send(connected, table, columns, rows));
    } catch (StoreRejectedException e) {
      if (cut.isDone()) {
        throw new StoreUnavailableException(
            doing + ": no answer from ClickHouse within " + limit, StoreException.NO_CODE, e);
      }
      throw e;
    } finally {
      cut.cancel(false);
    }
  }

  private boolean send(Client to, String table, List<String> columns, RowBinaryBuffer rows)
      throws Exception {
    to.insert(table, columns, out -> compress(rows, out), ClickHouseFormat.RowBinary, settings())
        .get()
        .close();
    return true;
  }

  private InsertSettings settings() {
    Duration timeout = server.options().writeTimeout();
    InsertSettings settings =
        new InsertSettings()
            .appCompressedData(true, "lz4")
            .serverSetting("async_insert", "0")
            .serverSetting("wait_end_of_query", "1")
            // Old telemetry replayed: a batch may span more months than the default allows.
            .serverSetting("max_partitions_per_insert_block", "0")
            .serverSetting("max_execution_time", Integer.toString(Server.seconds(timeout)));
    settings.setNetworkTimeout(Server.withGrace(timeout).toMillis(), ChronoUnit.MILLIS);
    return settings;
  }

  /**
   * As an LZ4 frame. The client's own compression (0.11.0, LZ4 and ZSTD) has no room for blocks
   * that do not compress and fails on them.
   */
  private static void compress(RowBinaryBuffer rows, OutputStream out) throws IOException {
    try (LZ4FrameOutputStream frame =
        new LZ4FrameOutputStream(
            out,
            LZ4FrameOutputStream.BLOCKSIZE.SIZE_256KB,
            LZ4FrameOutputStream.FLG.Bits.BLOCK_INDEPENDENCE,
            LZ4FrameOutputStream.FLG.Bits.CONTENT_CHECKSUM)) {
      rows.writeTo(frame);
    }
  }

  private synchronized Client client(String doing) {
    if (closed) {
      throw new StoreUnavailableException(
          doing + ": the store is closed", StoreException.NO_CODE, null);
    }
    if (client == null) {
      client = server.newClient();
    }
    return client;
  }

  private synchronized void drop(Client hung) {
    if (hung.equals(client)) {
      client = null;
    }
    hung.close();
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (client != null) {
      client.close();
      client = null;
    }
  }

  private static ScheduledThreadPoolExecutor watchdog() {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "tidewatch-store-watchdog");
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    return executor;
  }
}
