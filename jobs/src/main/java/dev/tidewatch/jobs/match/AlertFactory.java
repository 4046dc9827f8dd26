package dev.tidewatch.jobs.match;

import dev.tidewatch.events.AlertIds;
import dev.tidewatch.events.EventIds;
import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.events.v1.Evidence;
import dev.tidewatch.events.v1.Level;
import dev.tidewatch.events.v1.LogSource;
import dev.tidewatch.events.v1.MatchedField;
import dev.tidewatch.events.v1.Stage;
import dev.tidewatch.events.v1.TelemetryEvent;
import dev.tidewatch.match.RuleMatch;
import dev.tidewatch.remember.ValueText;
import dev.tidewatch.sigma.SigmaRule;
import dev.tidewatch.store.StoredEvent;
import java.util.Locale;
import java.util.UUID;

/**
 * Makes the alert of a rule that fired on an event.
 *
 * @param maxValueLength longer values are cut to this many characters
 */
record AlertFactory(int maxValueLength) {
  private static final int MAX_FIELDS = 64;

  /**
   * @param detectedMicros now, microseconds since the Unix epoch
   */
  Alert alert(StoredEvent event, RuleMatch match, Stage stage, long detectedMicros) {
    TelemetryEvent envelope = event.envelope();
    SigmaRule rule = match.rule();
    String eventId = EventIds.uuid(envelope.getEventId()).toString();
    UUID alertId =
        AlertIds.derive(
            envelope.getTenantId(), rule.id(), rule.version(), eventId, event.timeMicros());
    return Alert.newBuilder()
        .setTenantId(envelope.getTenantId())
        .setAlertId(alertId.toString())
        .setRuleId(rule.id())
        .setRuleVersion(rule.version())
        .setRuleHash(rule.hash())
        .setRuleTitle(rule.title())
        .setLevel(level(rule.level()))
        .setTimeUs(event.timeMicros())
        .setFirstSeenUs(event.timeMicros())
        .setLastSeenUs(event.timeMicros())
        .setCount(1)
        .setDetectedTimeUs(detectedMicros)
        .setLogSource(logSource(event))
        .addAllTechniqueIds(rule.techniqueIds())
        .addAllTactics(rule.tactics())
        .addAllTags(rule.tags())
        .addAllEntities(AlertEntities.of(event.document(), maxValueLength))
        .addEvidence(evidence(event, eventId, match))
        .setStage(stage)
        .setReason(AlertReason.of(match.fields()))
        .build();
  }

  private Evidence evidence(StoredEvent event, String eventId, RuleMatch match) {
    Evidence.Builder evidence =
        Evidence.newBuilder().setEventId(eventId).setTimeUs(event.timeMicros());
    match.fields().stream().limit(MAX_FIELDS).map(this::field).forEach(evidence::addFields);
    return evidence.build();
  }

  private MatchedField field(RuleMatch.Field field) {
    return MatchedField.newBuilder()
        .setField(field.field())
        .setValue(cut(field.value()))
        .setSelection(field.selection())
        .setOperator(field.operator())
        .setPattern(cut(field.pattern()))
        .build();
  }

  private String cut(String value) {
    return ValueText.cut(value, maxValueLength);
  }

  private static LogSource logSource(StoredEvent event) {
    var source = event.document().logSource();
    return LogSource.newBuilder()
        .setProduct(source.product())
        .setCategory(source.category())
        .setService(source.service())
        .build();
  }

  private static Level level(String level) {
    return switch (level.toLowerCase(Locale.ROOT)) {
      case "informational" -> Level.LEVEL_INFORMATIONAL;
      case "low" -> Level.LEVEL_LOW;
      case "medium" -> Level.LEVEL_MEDIUM;
      case "high" -> Level.LEVEL_HIGH;
      case "critical" -> Level.LEVEL_CRITICAL;
      default -> Level.LEVEL_UNSPECIFIED;
    };
  }
}
