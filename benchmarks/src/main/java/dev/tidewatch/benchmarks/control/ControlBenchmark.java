package dev.tidewatch.benchmarks.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.tidewatch.control.AccessOptions;
import dev.tidewatch.control.ControlOptions;
import dev.tidewatch.control.ControlServer;
import dev.tidewatch.control.LocalOperator;
import dev.tidewatch.control.database.DatabaseOptions;
import dev.tidewatch.control.database.LocalDatabase;
import dev.tidewatch.control.v1.AlertServiceGrpc.AlertServiceBlockingStub;
import dev.tidewatch.embedded.ClickHouseOptions;
import dev.tidewatch.embedded.EmbeddedClickHouse;
import dev.tidewatch.embedded.EmbeddedPostgres;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.store.ClickHouseEndpoint;
import dev.tidewatch.store.ClickHouseStore;
import dev.tidewatch.store.DayCounter;
import java.io.IOException;
import java.io.StringReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.postgresql.PGConnection;

/**
 * A control API over as many alerts as one likes: searches, then mixed requests at a fixed rate.
 * ClickHouse and PostgreSQL are processes of their own; server and clients share this one.
 */
public final class ControlBenchmark {
  /**
   * @param alerts in ClickHouse
   * @param triaged how many of them somebody has said something about
   * @param rounds of each search
   * @param rate requests a second
   * @param seconds of them
   * @param clickHouseBytes memory of ClickHouse
   * @param rules that are listed
   */
  public record Settings(
      long alerts,
      long triaged,
      int rounds,
      int rate,
      int seconds,
      long clickHouseBytes,
      Compilation rules) {}

  /** Requests of each kind whose CPU time is counted, for each round of the searches. */
  private static final int COST_PER_ROUND = 5;

  private static final String KAFKA_AWAY = "127.0.0.1:1";

  private final Settings settings;
  private final Consumer<String> progress;

  public ControlBenchmark(Settings settings, Consumer<String> progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * @param data what an earlier run with as many alerts has left there is used again
   */
  public ObjectNode run(Path data) throws IOException, SQLException, InterruptedException {
    ClickHouseOptions options =
        ClickHouseOptions.of(data.resolve("clickhouse"))
            .withMaxMemoryBytes(settings.clickHouseBytes);
    try (EmbeddedClickHouse clickHouse = EmbeddedClickHouse.start(options);
        EmbeddedPostgres postgres = EmbeddedPostgres.start(data.resolve("postgres"), 0);
        ClickHouseStore store = ClickHouseStore.connect(ClickHouseEndpoint.of(clickHouse.url()))) {
      store.migrate();
      DatabaseOptions database =
          LocalDatabase.prepare(
              postgres.jdbcUrl(), "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/tidewatch");
      var unused = LocalOperator.prepare(database, data, Clock.systemUTC());
      AccessOptions.Required access =
          AccessOptions.required(database, data.resolve("audit-signing.key"))
              .withRequestsPerSecond(1_000_000);
      AlertFill fill = new AlertFill(clickHouse.url(), settings.alerts, Instant.now(), progress);
      ObjectNode report = fill(fill, postgres);
      report.put("count_seconds", count(store.dayCounter(Duration.ZERO)));
      try (ControlServer server =
          ControlServer.start(
              ControlOptions.builder(
                      ClickHouseEndpoint.of(clickHouse.url()), KAFKA_AWAY, settings::rules)
                  .access(access)
                  .build())) {
        measure(report, server, fill, LocalOperator.key(data).orElseThrow());
      }
      return report;
    }
  }

  /** Counts all merged days, as the control API does by itself when they are five minutes old. */
  private long count(DayCounter counter) {
    long start = System.nanoTime();
    int days = 0;
    while (counter.countOne()) {
      days++;
    }
    progress.accept(days + " days counted");
    return (System.nanoTime() - start) / 1_000_000_000L;
  }

  private ObjectNode fill(AlertFill fill, EmbeddedPostgres postgres)
      throws IOException, SQLException {
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    report.put("processors", Runtime.getRuntime().availableProcessors());
    report.put("load_average", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    long stored = fill.stored();
    if (stored < settings.alerts) {
      long start = System.nanoTime();
      fill.run(settings.triaged);
      copyTriage(fill, postgres);
      report.put("fill_seconds", (System.nanoTime() - start) / 1_000_000_000L);
    } else {
      progress.accept(stored + " alerts are there already");
    }
    report.put("alerts", fill.stored());
    report.put(
        "triage_states",
        Long.parseLong(fill.run("SELECT count() FROM alert_triage FINAL", Map.of()).strip()));
    report.put(
        "bytes_on_disk",
        Long.parseLong(
            fill.run(
                    "SELECT sum(bytes_on_disk) FROM system.parts WHERE database = 'tidewatch' AND active",
                    Map.of())
                .strip()));
    return report;
  }

  /** PostgreSQL has what ClickHouse was told, so that rows come with it. */
  private static void copyTriage(AlertFill fill, EmbeddedPostgres postgres)
      throws IOException, SQLException {
    try (Handle superuser = Jdbi.create(postgres.jdbcUrl("tidewatch")).open()) {
      superuser.execute(
          "INSERT INTO tenants (tenant_id, display_name, created_at)"
              + " SELECT 'bench-' || name, 'Bench', now() FROM unnest(ARRAY['a','b','c','d','e']) name"
              + " ON CONFLICT DO NOTHING");
      String rows =
          fill.run(
              "SELECT tenant_id, alert_id, 'rule', verdict, 'key:bench', toString(now()), assignee,"
                  + " 'key:bench', toString(now()), true FROM alert_triage FINAL",
              Map.of());
      var unused =
          superuser
              .getConnection()
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyIn(
                  "COPY triage_states (tenant_id, alert_id, rule_id, verdict, author, decided_at,"
                      + " assignee, changed_by, changed_at, mirrored) FROM STDIN",
                  new StringReader(rows));
      superuser.execute("ANALYZE triage_states");
    }
  }

  private void measure(ObjectNode report, ControlServer server, AlertFill fill, String key)
      throws InterruptedException {
    Instant end = Instant.ofEpochMilli(newest(fill));
    AlertServiceBlockingStub stub =
        GrpcClients.builder("gproto+h2c://127.0.0.1:" + server.port())
            .addHeader("authorization", "Bearer " + key)
            .responseTimeout(Duration.ofMinutes(1))
            .maxResponseLength(64L << 20)
            .build(AlertServiceBlockingStub.class);
    report.set("search", new SearchRun(stub, end).measure(settings.rounds, progress));
    if (settings.seconds > 0) {
      List<UUID> ids = recent(fill);
      report.set(
          "cost",
          new RequestCost(
                  new MixedLoad(server.port(), key, ids, end), COST_PER_ROUND * settings.rounds)
              .measure());
      progress.accept("warming up");
      var unused =
          new MixedLoad(server.port(), key, ids, end)
              .run(Math.max(1, settings.rate / 4), Duration.ofSeconds(10));
      progress.accept(settings.rate + " requests/s for " + settings.seconds + " s");
      report.set(
          "load",
          new MixedLoad(server.port(), key, ids, end)
              .run(settings.rate, Duration.ofSeconds(settings.seconds)));
    }
  }

  private static long newest(AlertFill fill) {
    return Long.parseLong(
            fill.run("SELECT toUnixTimestamp64Milli(max(time)) FROM alerts", Map.of()).strip())
        + 1;
  }

  /** Alerts that an analyst would open: of the last days. */
  private static List<UUID> recent(AlertFill fill) {
    return fill.run(
            "SELECT alert_id FROM alerts WHERE tenant_id = '"
                + AlertFill.TENANT
                + "' ORDER BY toStartOfHour(first_seen) DESC, alert_id LIMIT 20000",
            Map.of())
        .lines()
        .map(UUID::fromString)
        .toList();
  }
}
