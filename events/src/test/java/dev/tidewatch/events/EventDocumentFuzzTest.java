package dev.tidewatch.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.tidewatch.events.v1.SourceHint;
import dev.tidewatch.events.v1.TelemetryEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random and mutated input: whatever comes in, an event or a {@link MalformedEventException} comes
 * out, and what an event promises holds.
 */
class EventDocumentFuzzTest {
  private static final int ROUNDS = 10_000;
  private static final List<String> SEEDS =
      List.of(
          "{'Event':{'System':{'EventID':{'#text':4688},'Channel':'Security','Computer':'a',"
              + "'Provider':{'#attributes':{'Name':'P'}},'TimeCreated':{'#attributes':"
              + "{'SystemTime':'2024-05-01T10:00:00Z'}}},'EventData':{'Data':[{'@Name':'a','#text':1}]}}}",
          "{'Channel':'Microsoft-Windows-Sysmon/Operational','EventID':1,'Image':'C:\\\\a.exe',"
              + "'Hashes':'SHA256=00','User':'A\\\\b','UtcTime':'2024-05-01 10:00:00.1','Level':4}",
          "{'winlog':{'channel':'Security','event_id':4624,'event_data':{'IpAddress':'::1'}}}",
          "{'eventSource':'iam.amazonaws.com','eventName':'CreateUser','awsRegion':'x',"
              + "'userIdentity':{'arn':'arn:aws:iam::1:user/a'},'resources':[{'ARN':'a'}]}",
          "{'Records':[{'eventSource':'a','eventVersion':'1','eventName':'b'}]}",
          "{'_path':'http','ts':1714557600.5,'id.orig_h':'10.0.0.1','host':'x','uri':'/','tags':[]}",
          "{'event_type':'alert','src_ip':'10.0.0.1','alert':{'signature':'x','severity':1}}",
          "{'type':'EXECVE','serial':'1','a0':'id','a1':'-u','time':'1714557600.1'}",
          "{'type':'PROCTITLE','serial':'1','proctitle':'6964'}",
          "{'event':{'category':['process'],'type':['start']},'host':{'os':{'type':'linux'}}}",
          "{'class_uid':4001,'metadata':{'version':'1'},'time':1,'src_endpoint':{'ip':'::1'}}",
          "{'@timestamp':1e300,'Source Name':[null,{'a b':[[]]}],'x':-0.0,'y':12345678901234567890}");
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "-1",
          "1e999",
          "\"\"",
          "\"-\"",
          "\"*\"",
          "[]",
          "{}",
          "[null]",
          "[[],{}]",
          "{\"#text\":null}",
          "{\"#text\":[]}",
          "{\"#attributes\":1}",
          "{\"@Name\":{}}",
          "[{\"@Name\":\"a\"},{\"@Name\":1,\"#text\":{}}]",
          "{\"a b\":{\"c\":[1]}}",
          "\"\\ud800\"",
          "99999999999999999999",
          "\"0xffffffffffffffffffff\"");
  private static final String SPLICES = "{}[]\":,\\u0000-eE.0123456789nulltrue #@_$%\u00e9\uD83D\n";

  /** 2100: no event is ever timed after it. */
  private static final long LATEST = 4_102_444_800_000_000L;

  private final Random random = new Random(20_240_501L);
  private int accepted;

  @Test
  void survivesMutatedEvents() {
    for (int round = 0; round < ROUNDS; round++) {
      check(mutated(SEEDS.get(random.nextInt(SEEDS.size())).replace('\'', '"')));
    }
    assertThat(accepted).as("mutations that are still events").isGreaterThan(ROUNDS / 10);
  }

  /** Objects where texts are expected, numbers where objects are, and so on. */
  @Test
  void survivesWrongTypes() throws Exception {
    ObjectMapper json = new ObjectMapper();
    for (int round = 0; round < ROUNDS; round++) {
      ObjectNode root =
          (ObjectNode) json.readTree(SEEDS.get(random.nextInt(SEEDS.size())).replace('\'', '"'));
      for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
        retype(root, json.readTree(VALUES.get(random.nextInt(VALUES.size()))));
      }
      check(json.writeValueAsBytes(root));
    }
    assertThat(accepted).isGreaterThan(ROUNDS / 2);
  }

  /** Puts {@code value} at a random place. */
  private void retype(ObjectNode root, JsonNode value) {
    ObjectNode at = root;
    while (!at.isEmpty()) {
      List<String> names = new ArrayList<>();
      at.fieldNames().forEachRemaining(names::add);
      String name = names.get(random.nextInt(names.size()));
      if (random.nextInt(3) > 0 && at.get(name) instanceof ObjectNode inner && !inner.isEmpty()) {
        at = inner;
      } else {
        at.set(name, value);
        return;
      }
    }
  }

  @Test
  void survivesRandomBytes() {
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = new byte[random.nextInt(64)];
      random.nextBytes(bytes);
      check(bytes);
    }
  }

  @Test
  void survivesRandomRecords() {
    TelemetryCodec codec = new TelemetryCodec();
    byte[] seed = codec.encode(Events.envelope(SEEDS.get(0)).setHost("h").build());
    for (int round = 0; round < ROUNDS; round++) {
      byte[] record = seed.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        record[random.nextInt(record.length)] = (byte) random.nextInt(256);
      }
      try {
        check(EventDocument.parse(codec.decode(record)));
      } catch (MalformedEventException e) {
        assertThat(e.code()).startsWith("TW-E4");
      }
    }
  }

  private byte[] mutated(String seed) {
    StringBuilder text = new StringBuilder(seed);
    for (int edits = random.nextInt(4); edits > 0; edits--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(4)) {
        case 0 -> text.deleteCharAt(at);
        case 1 -> text.insert(at, SPLICES.charAt(random.nextInt(SPLICES.length())));
        case 2 -> text.setCharAt(at, (char) (32 + random.nextInt(96)));
        default -> text.insert(at, text.substring(at, Math.min(text.length(), at + 20)));
      }
    }
    byte[] bytes = Events.bytes(text.toString());
    if (random.nextInt(8) == 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private void check(byte[] payload) {
    try {
      TelemetryEvent event =
          TelemetryEvent.newBuilder()
              .setPayload(ByteString.copyFrom(payload))
              .setIngestTimeUs(1_730_000_000_000_000L)
              .setSource(SourceHint.newBuilder().setCategory(random.nextBoolean() ? "" : "dns"))
              .build();
      EventDocument document = EventDocument.parse(event);
      assertThat(document.timeQuality()).isNotEqualTo(TimeQuality.NONE);
      check(document);
      accepted++;
    } catch (MalformedEventException e) {
      assertThat(e.code()).startsWith("TW-E4");
      assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(400);
    }
  }

  private static void check(EventDocument event) {
    assertThat(event.logSources()).isNotEmpty().contains(event.logSource());
    if (event.timeQuality() == TimeQuality.NONE) {
      assertThat(event.timeMicros()).isEqualTo(Long.MIN_VALUE);
    } else {
      assertThat(event.timeMicros()).isBetween(EventTime.EARLIEST, LATEST);
    }
    event.root().fieldNames().forEachRemaining(name -> assertThat(event.field(name)).isNotEmpty());
    assertThat(event.scalars()).doesNotContainNull();
    OcsfEvent ocsf = event.ocsf();
    assertThat(ocsf.summary()).isNotEmpty().hasSizeLessThanOrEqualTo(OcsfEvent.MAX_SUMMARY);
    for (OcsfEvent.Column column : OcsfEvent.COLUMNS) {
      String value = ocsf.columns().get(column.name());
      if (value != null) {
        assertThat(value).isNotEmpty();
        if (column.type() == OcsfEvent.Type.INT) {
          assertThat(value).satisfies(Long::parseLong);
        }
      }
    }
  }
}
