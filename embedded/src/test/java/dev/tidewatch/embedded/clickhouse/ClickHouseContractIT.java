package dev.tidewatch.embedded.clickhouse;

import dev.tidewatch.embedded.EmbeddedClickHouse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract over the embedded server, or over any ClickHouse with {@code
 * -Dclickhouse.url=http://host:8123}.
 */
class ClickHouseContractIT extends ClickHouseContract {
  @TempDir static Path data;
  private static EmbeddedClickHouse server;

  @BeforeAll
  static void start() {
    if (System.getProperty("clickhouse.url") == null) {
      server = EmbeddedClickHouse.start(data, 0);
    }
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Override
  String url() {
    return server == null ? System.getProperty("clickhouse.url") : server.url();
  }
}
