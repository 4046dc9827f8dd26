package dev.tidewatch.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
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
      assertThat(answer(postgres, "SHOW fsync")).isEqualTo("on");
      assertThat(answer(postgres, "SHOW synchronous_commit")).isEqualTo("on");
    }
  }

  @Test
  void takesOverFromAProcessThatWasKilled(@TempDir Path data) throws Exception {
    Process killed =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Parent.class.getName(),
                data.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(killed.getInputStream(), UTF_8))) {
      assertThat(out.readLine()).isEqualTo("up");
    } finally {
      killed.destroyForcibly().waitFor();
    }
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, 0)) {
      assertThat(answer(postgres, "SELECT a FROM kept")).isEqualTo("7");
    }
  }

  /** A process that starts PostgreSQL and never stops it. */
  static final class Parent {
    public static void main(String[] arguments) throws Exception {
      execute(
          EmbeddedPostgres.start(Path.of(arguments[0]), 0),
          "CREATE TABLE kept (a int)",
          "INSERT INTO kept VALUES (7)");
      System.out.println("up");
      Thread.sleep(60_000);
    }
  }

  @Test
  void letsNobodyInWithoutThePassword(@TempDir Path data) throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, 0)) {
      execute(postgres, "CREATE ROLE other LOGIN");
      for (String who :
          List.of("?user=postgres", "?user=other", "?user=postgres&password=postgres")) {
        assertThatThrownBy(
                () ->
                    DriverManager.getConnection(postgres.urlWithoutUser("postgres") + who).close())
            .as(who)
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("password");
      }
      assertThat(answer(postgres, "SELECT rolpassword FROM pg_authid WHERE rolname = 'postgres'"))
          .startsWith("SCRAM-SHA-256");
    }
    assertThat(Files.getPosixFilePermissions(data.resolve(PostgresPassword.FILE)))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  /** A directory of a version that trusted loopback, or one whose password file was lost. */
  @Test
  void anOldDirectoryGetsAPassword(@TempDir Path data) throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, 0)) {
      execute(postgres, "CREATE TABLE kept (a int)", "INSERT INTO kept VALUES (3)");
      execute(postgres, "ALTER ROLE postgres PASSWORD NULL");
    }
    Files.delete(data.resolve(PostgresPassword.FILE));
    Files.writeString(data.resolve("cluster/pg_hba.conf"), "host all all 127.0.0.1/32 trust\n");

    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, 0)) {
      assertThat(answer(postgres, "SELECT a FROM kept")).isEqualTo("3");
      String url = postgres.urlWithoutUser("postgres") + "?user=postgres";
      assertThatThrownBy(() -> DriverManager.getConnection(url).close())
          .hasMessageContaining("password");
    }
    try (EmbeddedPostgres again = EmbeddedPostgres.start(data, 0)) {
      assertThat(answer(again, "SELECT a FROM kept")).isEqualTo("3");
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
