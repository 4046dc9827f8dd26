package dev.tidewatch.jobs.remember;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tidewatch.remember.GroupKey;
import dev.tidewatch.remember.Match;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A late match as a record for people and programs: JSON with {@code tenant_id}, {@code rule_id},
 * {@code rule_version}, {@code group} (values in the order of group-by), {@code member} (index),
 * {@code event_id} and {@code time}. Key: tenant and rule id.
 */
public record LateMatchRecords(String topic)
    implements KafkaRecordSerializationSchema<StatefulMatch> {
  private static final JsonFactory JSON = new JsonFactory();

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      StatefulMatch match, KafkaSinkContext context, Long timestamp) {
    String key = match.key().tenantId() + '\0' + match.key().ruleId();
    return new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), json(match));
  }

  static byte[] json(StatefulMatch late) {
    GroupKey key = late.key();
    Match match = late.match();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("tenant_id", key.tenantId());
      json.writeStringField("rule_id", key.ruleId());
      json.writeNumberField("rule_version", key.ruleVersion());
      json.writeArrayFieldStart("group");
      for (int i = 0; i < key.size(); i++) {
        json.writeString(key.value(i));
      }
      json.writeEndArray();
      json.writeNumberField("member", match.member());
      json.writeStringField(
          "event_id", new UUID(match.eventIdHigh(), match.eventIdLow()).toString());
      json.writeStringField(
          "time", Instant.EPOCH.plus(match.timeMicros(), ChronoUnit.MICROS).toString());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory take everything", e);
    }
    return bytes.toByteArray();
  }
}
