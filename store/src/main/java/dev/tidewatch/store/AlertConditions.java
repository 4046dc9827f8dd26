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
    levels(condition, filter);
    equal(condition, "rule_id", filter.getRuleId(), "rule_id = {rule_id:String}");
    equal(condition, "host", filter.getHost(), entity("host"));
    equal(condition, "user", filter.getUser(), entity("user"));
    equal(
        condition,
        "technique_id",
        filter.getTechniqueId(),
        // A technique covers its sub-techniques.
        "arrayExists(t -> t = upper({technique_id:String})"
            + " OR startsWith(t, concat(upper({technique_id:String}), '.')), technique_ids)");
    words(condition, QueryLimits.text("text", filter.getText()));
    return condition;
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

  private static String entity(String kind) {
    return "arrayExists(e -> e.kind = '"
        + kind
        + "' AND e.value = {"
        + kind
        + ":String}, entities)";
  }

  private static void equal(Condition condition, String name, String value, String term) {
    if (!value.isEmpty()) {
      condition.and(term);
      condition.parameters().string(name, QueryLimits.text(name, value));
    }
  }

  /** Each word somewhere in title, reason or an entity. */
  private static void words(Condition condition, String text) {
    if (text.isBlank()) {
      return;
    }
    List<String> words = BLANKS.splitAsStream(text.strip()).toList();
    QueryLimits.between("words in text", words.size(), 1, MAX_WORDS);
    for (int i = 0; i < words.size(); i++) {
      String word = "{word" + i + ":String}";
      condition.and(
          "(positionCaseInsensitiveUTF8(title, "
              + word
              + ") > 0 OR positionCaseInsensitiveUTF8(reason, "
              + word
              + ") > 0 OR arrayExists(e -> positionCaseInsensitiveUTF8(e.value, "
              + word
              + ") > 0, entities))");
      condition.parameters().string("word" + i, words.get(i));
    }
  }
}
