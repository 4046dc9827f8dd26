package dev.tidewatch.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {
  @Test
  void keepsDataAndPortAndGuardsItsDirectory(@TempDir Path data) throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, 0)) {
      execute(postgres, "CREATE TABLE kept (a int)", "INSERT INTO kept VALUES (42)");
      assertThatThrownBy(() -> EmbeddedPostgres.start(data, 0))
          .isInstanceOf(EmbeddedServerException.class)
          .hasMessageContaining("pid " + ProcessHandle.current().pid());

      String url = postgres.jdbcUrl();
      postgres.stop();
      assertThat(postgres.isAlive()).isFalse();
      assertThatThrownBy(() -> execute(postgres, "SELECT 1")).isInstanceOf(SQLException.class);
      postgres.start();

      assertThat(postgres.jdbcUrl()).isEqualTo(url);
      assertThat(answer(postgres, "SELECT a FROM kept")).isEqualTo("42");
      assertThat(answer(postgres, "SHOW log_timezone")).isEqualTo("UTC");
    }
  }

  @Test
  void namesATakenPort(@TempDir Path data) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> EmbeddedPostgres.start(data, taken.getLocalPort()))
          .isInstanceOf(EmbeddedServerException.class)
          .hasMessageContaining("127.0.0.1:" + taken.getLocalPort());
    }
  }

  private static void execute(EmbeddedPostgres postgres, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl());
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static String answer(EmbeddedPostgres postgres, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
