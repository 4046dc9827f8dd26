package dev.tidewatch.store;

import dev.tidewatch.control.v1.AlertFilter;
import dev.tidewatch.events.v1.Level;
import java.util.List;
import java.util.regex.Pattern;

/** An {@link AlertFilter} as a condition over {@code alerts}. */
final class AlertConditions {
  private static final int MAX_WORDS = 10;
  private static final Pattern BLANKS = Pattern.compile("\\s+");

  private AlertConditions() {}

  /**
   * @throws IllegalArgumentException for a filter out of range; the message names the member
   */
  static Condition of(String tenantId, AlertFilter filter) {
    Condition condition =
        Condition.ofTenant(tenantId).between("time", filter.getFromMs(), filter.getToMs());
    condition.and(filter.getShadow() ? "stage = 'shadow'" : "stage != 'shadow'");
    if (filter.getFromMs() > 0) {
      condition.and(sinceDayOf("{from:Int64}"));
    }
    if (filter.getToMs() > 0) {
      // An episode begins before the alert.
      condition.and("first_seen < fromUnixTimestamp64Micro({to:Int64}, 'UTC')");
    }
    levels(condition, filter);
    equal(condition, "rule_id", filter.getRuleId(), "rule_id = {rule_id:String}");
    entity(condition, "host", filter.getHost(), "more_hosts");
    entity(condition, "user", filter.getUser(), "more_users");
    equal(
        condition,
        "technique_id",
        filter.getTechniqueId(),
        // A technique covers its sub-techniques.
        "has(techniques, upper({technique_id:String}))");
    words(condition, QueryLimits.text("text", filter.getText()));
    AlertTriageCondition.add(condition, filter);
    if (filter.hasInGroup()) {
      AlertGroups.add(condition, filter.getInGroup());
    }
    return condition;
  }

  /**
   * Only days of {@code first_seen} of which an alert may have a time at or after {@code micros}:
   * the table's partitions are such days, and there time alone prunes none.
   */
  static String sinceDayOf(String micros) {
    return "first_seen >= toDateTime64((SELECT min(day) FROM alert_days WHERE tenant_id = {tenant:String}"
        + " AND last_time >= fromUnixTimestamp64Micro("
        + micros
        + ", 'UTC')), 6, 'UTC')";
  }

  static int fingerprint(String tenantId, AlertFilter filter) {
    return PageToken.fingerprint(tenantId, filter.toByteArray());
  }

  private static void levels(Condition condition, AlertFilter filter) {
    if (filter.getLevelsCount() == 0) {
      return;
    }
    if (filter.getLevelsList().contains(Level.UNRECOGNIZED)) {
      throw new IllegalArgumentException("levels has an unknown level");
    }
    condition.and("has({levels:Array(Int8)}, CAST(level, 'Int8'))");
    condition.parameters().numbers("levels", filter.getLevelsValueList());
  }

  /** An entity is part of the text, so the index over words knows where it can be. */
  private static void entity(Condition condition, String kind, String value, String others) {
    List<String> words = SearchWord.ofEntity(value);
    if (!words.isEmpty()) {
      condition.words(kind + "_words", words);
    }
    equal(
        condition,
        kind,
        value,
        "(" + kind + " = {" + kind + ":String} OR has(" + others + ", {" + kind + ":String}))");
  }

  private static void equal(Condition condition, String name, String value, String term) {
    if (!value.isEmpty()) {
      condition.and(term);
      condition.parameters().string(name, QueryLimits.text(name, value));
    }
  }

  /**
   * Each word somewhere in title, reason or an entity: as words of the text, which the index
   * answers, or, with a {@code *}, as any part of it, which reads it all.
   */
  private static void words(Condition condition, String text) {
    if (text.isBlank()) {
      return;
    }
    List<String> words = BLANKS.splitAsStream(text.strip()).toList();
    QueryLimits.between("words in text", words.size(), 1, MAX_WORDS);
    for (int i = 0; i < words.size(); i++) {
      word(condition, "word" + i, SearchWord.of(words.get(i)));
    }
  }

  private static void word(Condition condition, String name, SearchWord word) {
    if (!word.whole().isEmpty()) {
      condition.words(name, word.whole());
    }
    for (int i = 0; i < word.parts().size(); i++) {
      String part = name + "_" + i;
      condition.and("position(search_text, lowerUTF8({" + part + ":String})) > 0");
      condition.parameters().string(part, word.parts().get(i));
    }
  }
}
