package dev.tidewatch.jobs.remember;

import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.events.v1.Entity;
import dev.tidewatch.events.v1.Evidence;
import dev.tidewatch.events.v1.Level;
import dev.tidewatch.events.v1.LogSource;
import dev.tidewatch.events.v1.MatchedField;
import dev.tidewatch.jobs.rules.PlacedStatefulRule;
import dev.tidewatch.remember.Conditions.Finding;
import dev.tidewatch.remember.EpisodeReason;
import dev.tidewatch.remember.EpisodeUpdate;
import dev.tidewatch.remember.EventEntities;
import dev.tidewatch.remember.EventRef;
import dev.tidewatch.remember.GroupKey;
import dev.tidewatch.remember.Member;
import dev.tidewatch.remember.StatefulRule;
import dev.tidewatch.remember.ValueText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Makes the alert of an episode as it stands.
 *
 * @param maxValueLength longer values are cut to this many characters
 */
record EpisodeAlerts(int maxValueLength) {
  private static final int MAX_ENTITIES = 32;

  /**
   * @param detectedMicros now, microseconds since the Unix epoch
   */
  Alert alert(GroupKey key, PlacedStatefulRule placed, EpisodeUpdate episode, long detectedMicros) {
    StatefulRule rule = placed.rule();
    var source = rule.head().logSource();
    return Alert.newBuilder()
        .setTenantId(key.tenantId())
        .setAlertId(key.alertId(episode.openMicros()).toString())
        .setRuleId(rule.id())
        .setRuleVersion(rule.version())
        .setRuleHash(rule.hash())
        .setRuleTitle(rule.head().title())
        .setLevel(level(rule.head().level()))
        .setTimeUs(episode.openMicros())
        .setFirstSeenUs(episode.firstMicros())
        .setLastSeenUs(episode.lastMicros())
        .setCount(episode.count())
        .setDetectedTimeUs(detectedMicros)
        .setLogSource(
            LogSource.newBuilder()
                .setProduct(source.product())
                .setCategory(source.category())
                .setService(source.service()))
        .addAllTechniqueIds(rule.techniqueIds())
        .addAllTactics(rule.tactics())
        .addAllTags(rule.head().tags())
        .addAllEntities(entities(key, rule, episode))
        .addAllEvidence(evidence(key, rule, episode))
        .setStage(placed.stage())
        .setReason(EpisodeReason.of(key, rule, episode))
        .build();
  }

  private static Level level(String level) {
    try {
      return Level.valueOf("LEVEL_" + level.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return Level.LEVEL_UNSPECIFIED;
    }
  }

  /** What the group is about comes first. */
  private List<Entity> entities(GroupKey key, StatefulRule rule, EpisodeUpdate episode) {
    Set<Entity> entities = new LinkedHashSet<>();
    for (int i = 0; i < key.size(); i++) {
      String value = key.value(i);
      EventEntities.kindOf(rule.groupBy().get(i))
          .filter(kind -> !value.isBlank())
          .ifPresent(kind -> entities.add(entity(kind, value)));
    }
    List<String> found = episode.entities();
    for (int i = 0; i + 1 < found.size() && entities.size() < MAX_ENTITIES; i += 2) {
      entities.add(entity(found.get(i), found.get(i + 1)));
    }
    return new ArrayList<>(entities);
  }

  private Entity entity(String kind, String value) {
    return Entity.newBuilder().setKind(kind).setValue(ValueText.cut(value, maxValueLength)).build();
  }

  private List<Evidence> evidence(GroupKey key, StatefulRule rule, EpisodeUpdate episode) {
    List<Evidence> evidence = new ArrayList<>();
    List<Finding> findings = new ArrayList<>(episode.findings());
    for (EventRef event : episode.evidence()) {
      Evidence.Builder one =
          Evidence.newBuilder()
              .setEventId(event.eventId().toString())
              .setTimeUs(event.timeMicros());
      Member member = rule.members().get(event.member());
      for (int i = 0; i < key.size(); i++) {
        one.addFields(field(member, member.groupFields().get(i), key.value(i), "group-by"));
      }
      // Each finding once: at the first event of its member, those of the group at the first.
      findings.removeIf(finding -> addFinding(finding, member, one));
      evidence.add(one.build());
    }
    return evidence;
  }

  private boolean addFinding(Finding finding, Member member, Evidence.Builder evidence) {
    if (finding.member() >= 0 && finding.member() != member.index()) {
      return false;
    }
    evidence.addFields(field(member, finding.field(), finding.value(), "finding"));
    return true;
  }

  private MatchedField field(Member member, String field, String value, String operator) {
    return MatchedField.newBuilder()
        .setField(field)
        .setValue(ValueText.cut(value, maxValueLength))
        .setSelection(member.name())
        .setOperator(operator)
        .build();
  }
}
