package dev.tidewatch.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import dev.tidewatch.control.v1.AlertFilter;
import dev.tidewatch.control.v1.AlertServiceGrpc;
import dev.tidewatch.control.v1.Role;
import dev.tidewatch.control.v1.SavedFilterServiceGrpc;
import dev.tidewatch.embedded.junit.ClickHouseExtension;
import dev.tidewatch.embedded.junit.PostgresExtension;
import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.events.v1.Entity;
import dev.tidewatch.store.ClickHouseEndpoint;
import dev.tidewatch.store.ClickHouseStore;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hostile text through every string field of alerts and saved filters, found in the descriptors so
 * that a new field is covered when it is there, against the real databases. What comes back is a
 * result or INVALID_ARGUMENT, never a failure of the server; nothing of another tenant comes back,
 * and nothing of it changes.
 */
class InjectionIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();
  @RegisterExtension static final ClickHouseExtension CLICKHOUSE = new ClickHouseExtension();
  @TempDir static Path directory;

  private static final String OWN = "acme";
  private static final String FOREIGN = "globex";

  /** In every text of the foreign tenant. */
  private static final String MARK = "marked-as-foreign";

  private static final List<ServiceDescriptor> SERVICES =
      List.of(
          AlertServiceGrpc.getServiceDescriptor(), SavedFilterServiceGrpc.getServiceDescriptor());

  private static final List<String> HOSTILE =
      List.of(
          "'",
          "''",
          "\"",
          "`",
          "\\",
          "\\'",
          "' OR 1=1 --",
          "') OR tenant_id = 'globex' --",
          "'; DROP TABLE alerts; --",
          "'); DELETE FROM saved_filters; --",
          "x' UNION ALL SELECT * FROM alerts WHERE tenant_id = 'globex",
          "\\') OR tenant_id IN ('globex') SETTINGS max_threads = 1 -- ",
          "{tenant:String}",
          "{word0:String}",
          ":tenant",
          "$1",
          "?",
          "%",
          "%globex%",
          "*",
          "_",
          "*foreign*",
          MARK,
          "nul\0inside",
          "\0",
          "tab\tline\nreturn\r",
          "\\N",
          "\\0",
          "[]",
          "['globex']",
          "{\"tenant_id\": \"globex\"}",
          "{\"$ne\": null}",
          "\u202e\u2066right to left",
          "\ufeff\u200b",
          "\ud83d\ude00",
          "\u0130\u0131\u00df\u1e9e",
          "e\u0301",
          "${jndi:ldap://localhost/a}",
          "../../../../etc/passwd",
          "00000000-0000-0000-0000-000000000000",
          "-1",
          "1e309",
          " ",
          "'".repeat(1_000),
          "\\".repeat(999),
          "%".repeat(1_000),
          "(".repeat(1_000),
          "\u00e4 ".repeat(500),
          "x".repeat(100_000),
          "' ".repeat(50_000),
          "\0".repeat(100_000));

  private static ClickHouseStore store;
  private static GuardedServer server;
  private static RawGrpc grpc;
  private static String credential;
  private static String ownAlert;
  private static Map<String, String> before;

  @BeforeAll
  static void start() throws Exception {
    store = ClickHouseStore.connect(ClickHouseEndpoint.of(CLICKHOUSE.url()));
    store.migrate();
    server =
        GuardedServer.start(
            POSTGRES.postgres(),
            CLICKHOUSE.url(),
            directory,
            access -> access.withRequestsPerSecond(100_000));
    grpc = new RawGrpc(server.port());
    server.createTenant(OWN);
    server.createTenant(FOREIGN);
    credential = server.createKey(OWN, Role.ROLE_ANALYST).getSecret();
    List<Alert> own = IntStream.range(0, 5).mapToObj(n -> SampleAlerts.alert(OWN, n)).toList();
    store.alertWriter().write(own);
    ownAlert = own.get(0).getAlertId();
    store
        .alertWriter()
        .write(
            IntStream.range(0, 5).mapToObj(n -> foreign(SampleAlerts.alert(FOREIGN, n))).toList());
    String body = "{\"name\": \"%s\", \"query\": \"%s\", \"shared\": true}".formatted(MARK, MARK);
    server.send("POST", "/v1/tenants/" + FOREIGN + "/savedfilters", server.operatorKey, body);
    server.send(
        "POST",
        "/v1/tenants/" + FOREIGN + "/alerts:disposition",
        server.operatorKey,
        "{\"alertIds\": [\"%s\"], \"verdict\": \"VERDICT_BENIGN\", \"comment\": \"%s\"}"
            .formatted(SampleAlerts.alert(FOREIGN, 0).getAlertId(), MARK));
    before = foreignRows();
    assertThat(before.toString()).contains(MARK);
  }

  private static Alert foreign(Alert alert) {
    return alert.toBuilder()
        .setRuleTitle(MARK)
        .setReason(MARK)
        .setRuleId(MARK)
        .clearEntities()
        .addEntities(Entity.newBuilder().setKind("host").setValue(MARK))
        .addEntities(Entity.newBuilder().setKind("user").setValue(MARK))
        .build();
  }

  @AfterAll
  static void stop() {
    server.close();
    store.close();
  }

  @TestFactory
  Stream<DynamicTest> everyStringFieldTakesHostileText() {
    return places().stream()
        .map(place -> DynamicTest.dynamicTest(place.toString(), () -> attack(place)));
  }

  @Test
  void fieldsAreFound() {
    Set<String> names = new TreeSet<>();
    places().forEach(place -> names.add(place.toString()));
    assertThat(names)
        .contains(
            "ListAlerts filter.text",
            "ListAlerts filter.assignees",
            "ListAlerts page_token",
            "GroupAlerts filter.host",
            "ListAlerts filter.in_group.id",
            "StreamAlerts cursor",
            "SetDisposition alert_ids",
            "SetDisposition reason",
            "CreateSavedFilter query",
            "DeleteSavedFilter filter_id")
        .hasSizeGreaterThan(50);
  }

  /** A string field of a method's request, by the fields that lead to it. */
  private record Place(MethodDescriptor<?, ?> method, List<FieldDescriptor> path) {
    @Override
    public String toString() {
      List<String> names = path.stream().map(FieldDescriptor::getName).toList();
      return method.getBareMethodName() + " " + String.join(".", names);
    }
  }

  private static List<Place> places() {
    List<Place> places = new ArrayList<>();
    for (ServiceDescriptor service : SERVICES) {
      for (MethodDescriptor<?, ?> method : service.getMethods()) {
        Descriptor request =
            ((ProtoMethodDescriptorSupplier) method.getSchemaDescriptor())
                .getMethodDescriptor()
                .getInputType();
        collect(method, request, List.of(), places);
      }
    }
    return places;
  }

  private static void collect(
      MethodDescriptor<?, ?> method,
      Descriptor type,
      List<FieldDescriptor> path,
      List<Place> places) {
    for (FieldDescriptor field : type.getFields()) {
      List<FieldDescriptor> to = new ArrayList<>(path);
      to.add(field);
      if (field.getJavaType() == FieldDescriptor.JavaType.STRING) {
        places.add(new Place(method, to));
      } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        collect(method, field.getMessageType(), to, places);
      }
    }
  }

  private static void attack(Place place) throws Exception {
    for (String hostile : HOSTILE) {
      Message request = request(place, hostile);
      RawGrpc.Answer answer =
          grpc.send(place.method(), request.toByteArray(), "authorization", "Bearer " + credential);
      String about = place + " with " + hostile.substring(0, Math.min(60, hostile.length()));
      assertThat(answer.status()).as(about).isIn(allowed(place));
      for (Message response : answer.messages(responseOf(place.method()))) {
        if (!echoes(place)) {
          assertThat(TextFormat.printer().printToString(response)).as(about).doesNotContain(MARK);
        }
      }
    }
    assertThat(foreignRows()).as("rows of the other tenant after " + place).isEqualTo(before);
  }

  /** One's own text comes back from what stores it. */
  private static boolean echoes(Place place) {
    return place.method().getServiceName().endsWith("SavedFilterService")
        || place.method().getBareMethodName().equals("GetTriage");
  }

  private static List<Status.Code> allowed(Place place) {
    List<Status.Code> allowed =
        new ArrayList<>(
            List.of(Status.Code.OK, Status.Code.INVALID_ARGUMENT, Status.Code.NOT_FOUND));
    FieldDescriptor last = place.path().get(place.path().size() - 1);
    if (last.getName().equals("tenant_id")) {
      allowed.add(Status.Code.PERMISSION_DENIED);
    }
    if (place.method().getBareMethodName().equals("CreateSavedFilter")) {
      // The same name a second time, and the limit.
      allowed.add(Status.Code.ALREADY_EXISTS);
      allowed.add(Status.Code.RESOURCE_EXHAUSTED);
    }
    return allowed;
  }

  /** A request that is right but for the one field. */
  private static Message request(Place place, String hostile) {
    Message prototype =
        (Message)
            ((PrototypeMarshaller<?>) place.method().getRequestMarshaller()).getMessagePrototype();
    Message.Builder request = prototype.newBuilderForType();
    for (FieldDescriptor field : prototype.getDescriptorForType().getFields()) {
      switch (field.getName()) {
        case "tenant_id" -> request.setField(field, OWN);
        case "alert_id" -> request.setField(field, ownAlert);
        case "alert_ids" -> request.addRepeatedField(field, ownAlert);
        case "filter_id" -> request.setField(field, "00000000-0000-0000-0000-000000000009");
        case "name" -> request.setField(field, "name");
        case "verdict" -> request.setField(field, field.getEnumType().findValueByNumber(1));
        case "by" -> request.setField(field, field.getEnumType().findValueByNumber(1));
        // A stream that begins would not end.
        case "cursor" -> request.setField(field, "nonsense");
        default -> {}
      }
    }
    set(request, place.path(), hostile);
    return request.build();
  }

  private static void set(Message.Builder to, List<FieldDescriptor> path, String hostile) {
    FieldDescriptor field = path.get(0);
    if (path.size() > 1) {
      Message.Builder child =
          field.isRepeated() ? to.newBuilderForField(field) : to.getFieldBuilder(field);
      if (field.getName().equals("in_group")) {
        // Without it the id would not come as far as the store.
        FieldDescriptor by = field.getMessageType().findFieldByName("by");
        child.setField(by, by.getEnumType().findValueByNumber(1));
      }
      set(child, path.subList(1, path.size()), hostile);
      if (field.isRepeated()) {
        to.addRepeatedField(field, child.build());
      }
    } else if (field.isRepeated()) {
      to.clearField(field).addRepeatedField(field, hostile);
    } else {
      to.setField(field, hostile);
    }
  }

  private static Message responseOf(MethodDescriptor<?, ?> method) {
    return (Message)
        ((PrototypeMarshaller<?>) method.getResponseMarshaller()).getMessagePrototype();
  }

  /** Everything that the other tenant has, and the tables there are. */
  private static Map<String, String> foreignRows() throws Exception {
    Map<String, String> rows = new TreeMap<>();
    rows.put(
        "alerts",
        store.alertQueries().list(FOREIGN, AlertFilter.getDefaultInstance(), 100, "").toString());
    rows.put("clickhouse", RawSql.query(CLICKHOUSE.url(), "SHOW TABLES FROM tidewatch"));
    try (var superuser = server.superuser()) {
      for (String table :
          List.of("dispositions", "assignments", "triage_states", "saved_filters", "users")) {
        rows.put(
            table,
            superuser
                .createQuery(
                    "SELECT coalesce(string_agg(t::text, ';' ORDER BY t::text), '') FROM "
                        + table
                        + " t WHERE tenant_id = 'globex'")
                .mapTo(String.class)
                .one());
      }
      rows.put(
          "postgresql",
          superuser
              .createQuery("SELECT count(*)::text FROM pg_class WHERE relkind = 'r'")
              .mapTo(String.class)
              .one());
    }
    return rows;
  }
}
