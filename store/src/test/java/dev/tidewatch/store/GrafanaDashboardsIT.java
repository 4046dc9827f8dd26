package dev.tidewatch.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.tidewatch.embedded.junit.ClickHouseExtension;
import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.events.v1.DeadLetter;
import dev.tidewatch.events.v1.Stage;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every query of every dashboard runs on the real engine over the migrated schema, so that a column
 * that is renamed breaks the build and not somebody's wall.
 */
class GrafanaDashboardsIT {
  @RegisterExtension static final ClickHouseExtension CLICKHOUSE = new ClickHouseExtension();

  private static final String DATABASE = "dashboards";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @BeforeAll
  static void fill() {
    try (ClickHouseStore store =
        ClickHouseStore.connect(ClickHouseEndpoint.of(CLICKHOUSE.url()).withDatabase(DATABASE))) {
      store.migrate();
      store.eventWriter().write(TestEvents.sequence("t1", 120));
      store.eventWriter().write(TestEvents.sequence("t2", 30));
      store.eventWriter().write(TestEvents.sequence("it's", 3));
      List<Alert> alerts = TestAlerts.sequence("t1", 6);
      store.alertWriter().write(alerts);
      store.alertWriter().write(alerts);
      store.alertWriter().write(List.of(shadow()));
      store.deadLetterWriter().write(List.of(deadLetter()));
    }
  }

  private static Alert shadow() {
    return TestAlerts.alert("t1", "shadowed", TestEvents.START, "h9")
        .setStage(Stage.STAGE_SHADOW)
        .build();
  }

  private static DeadLetter deadLetter() {
    return DeadLetter.newBuilder()
        .setCode("TW-E4001")
        .setReason("no JSON")
        .setTopic("telemetry")
        .setOffset(1)
        .setTimeUs(TestEvents.micros(TestEvents.START))
        .setTenantId("t1")
        .setRecord(ByteString.copyFromUtf8("{"))
        .setRecordKey(ByteString.copyFromUtf8("t1"))
        .build();
  }

  static List<GrafanaDashboards.Query> queries() throws IOException {
    List<GrafanaDashboards.Query> queries = new ArrayList<>();
    for (Path file : GrafanaDashboards.files()) {
      queries.addAll(GrafanaDashboards.queries(file));
    }
    assertThat(queries).hasSizeGreaterThan(20);
    return queries;
  }

  @ParameterizedTest
  @MethodSource("queries")
  void everyQueryRunsAndFindsSomething(GrafanaDashboards.Query query) throws Exception {
    JsonNode answer = answer(query.sql(), "'t1','t2','it\\'s'");
    if (!query.panel().equals("Hosts that fell silent")) {
      // Rows of a test are stored now: no host has been silent for long.
      assertThat(answer.path("data")).as(query.sql()).isNotEmpty();
    }
    if (query.isOverTime()) {
      assertThat(answer.path("meta").path(0).path("type").asText())
          .as("Grafana draws lines over a column of time")
          .startsWith("DateTime");
    }
  }

  @Test
  void alertsCountOnceWithoutThoseInShadow() throws Exception {
    assertThat(first("alerts.json", "Alerts")).isEqualTo(6);
    assertThat(first("alerts.json", "Matches")).isEqualTo(6);
    assertThat(first("alerts.json", "Critical and high")).isEqualTo(6);
    assertThat(first("alerts.json", "Event to alert, p95")).isEqualTo(0);
    assertThat(answer(sql("alerts.json", "Rules in shadow"), "'t1'").path("rows").asInt())
        .isEqualTo(1);
  }

  @Test
  void aTenantSeesItsOwn() throws Exception {
    assertThat(first("events.json", "Events stored", "'t2'")).isEqualTo(30);
    assertThat(first("events.json", "Events stored", "'it\\'s'")).isEqualTo(3);
    assertThat(first("alerts.json", "Alerts", "'t2'")).isZero();
    assertThat(first("events.json", "Dead letters", "'t2'")).isEqualTo(1);
  }

  @Test
  void theSilentAreNamedOnceTheyAre() throws Exception {
    String sql = sql("events.json", "Hosts that fell silent").replace("15 MINUTE", "-1 MINUTE");
    assertThat(answer(sql, "'t1'").path("data").findValuesAsText("host"))
        .containsExactlyInAnyOrder("h0", "h1", "h2", "h3", "h4");
  }

  @Test
  void dashboardsCanBeLoadedBesideEachOther() throws Exception {
    Set<String> uids = new HashSet<>();
    for (Path file : GrafanaDashboards.files()) {
      JsonNode dashboard = GrafanaDashboards.read(file);
      assertThat(uids.add(dashboard.path("uid").asText())).as("uid of %s", file).isTrue();
      assertThat(dashboard.path("title").asText()).isNotBlank();
      assertThat(dashboard.has("id")).as("an id belongs to one Grafana").isFalse();
      Set<Integer> ids = new HashSet<>();
      for (JsonNode panel : dashboard.path("panels")) {
        String title = panel.path("title").asText();
        assertThat(ids.add(panel.path("id").asInt())).as("id of %s", title).isTrue();
        assertThat(panel.path("targets")).as(title).isNotEmpty();
        assertThat(
                panel.path("gridPos").path("x").asInt() + panel.path("gridPos").path("w").asInt())
            .as("width of %s", title)
            .isLessThanOrEqualTo(24);
        for (JsonNode target : panel.path("targets")) {
          assertThat(target.path("datasource").path("uid").asText()).isEqualTo("${datasource}");
        }
      }
    }
    assertThat(uids).hasSizeGreaterThanOrEqualTo(3);
  }

  private static String sql(String dashboard, String panel) throws IOException {
    return queries().stream()
        .filter(query -> query.dashboard().equals(dashboard) && query.panel().equals(panel))
        .map(GrafanaDashboards.Query::sql)
        .findFirst()
        .orElseThrow();
  }

  private static long first(String dashboard, String panel) throws Exception {
    return first(dashboard, panel, "'t1','t2'");
  }

  private static long first(String dashboard, String panel, String tenants) throws Exception {
    JsonNode row = answer(sql(dashboard, panel), tenants).path("data").path(0);
    return row.iterator().next().asLong();
  }

  /** As the source asks, over HTTP. */
  private static JsonNode answer(String sql, String tenants) throws Exception {
    Instant from = TestEvents.START.minus(Duration.ofHours(1));
    Instant to = Instant.now().plus(Duration.ofHours(1));
    String sent = GrafanaDashboards.sent(sql, from, to, 3600, tenants);
    assertThat(sent).as("a macro or variable that nothing replaces").doesNotContain("$");
    URI uri =
        URI.create(
            CLICKHOUSE.url()
                + "/?default_format=JSON&database="
                + URLEncoder.encode(DATABASE, UTF_8));
    HttpResponse<String> response =
        HTTP.send(
            HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString(sent)).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as("%s%n%s", response.body(), sent).isEqualTo(200);
    return JSON.readTree(response.body());
  }
}
