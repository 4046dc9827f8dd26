package dev.tidewatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What a sync does to each rule, as the control API answered it. */
record SyncPlan(JsonNode answer, boolean applied) {
  /** What becomes of a rule. */
  enum Action {
    CREATE('+'),
    UPDATE('~'),
    RETIRE('-'),
    UNCHANGED(' ');

    private final char sign;

    Action(char sign) {
      this.sign = sign;
    }

    static Action of(JsonNode rule) {
      return valueOf(rule.path("action").asText().replace("RULE_ACTION_", ""));
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  boolean isRefused() {
    return revision() == 0;
  }

  boolean hasChanges() {
    Map<Action, Integer> counts = counts();
    return answer.path("rules").size() > counts.getOrDefault(Action.UNCHANGED, 0);
  }

  private long revision() {
    return answer.path("revision").asLong();
  }

  private Map<Action, Integer> counts() {
    Map<Action, Integer> counts = new EnumMap<>(Action.class);
    answer.path("rules").forEach(rule -> counts.merge(Action.of(rule), 1, Integer::sum));
    return counts;
  }

  void text(PrintWriter out) {
    RuleUpload.findings(answer, out);
    if (isRefused()) {
      out.println("The rules have errors. Nothing was changed.");
      return;
    }
    for (JsonNode rule : answer.path("rules")) {
      Action action = Action.of(rule);
      if (action != Action.UNCHANGED) {
        line(rule, action, out);
      }
    }
    Map<Action, Integer> counts = counts();
    out.printf(
        Locale.ROOT,
        "%,d to create, %,d to update, %,d to retire, %,d unchanged%n",
        counts.getOrDefault(Action.CREATE, 0),
        counts.getOrDefault(Action.UPDATE, 0),
        counts.getOrDefault(Action.RETIRE, 0),
        counts.getOrDefault(Action.UNCHANGED, 0));
    out.println(ending());
    DeployWait.printWaiting(applied && answer.path("waitsForKafka").asBoolean(), out);
  }

  private String ending() {
    if (!hasChanges()) {
      return "Nothing to do, revision " + revision();
    }
    return applied
        ? "Applied, revision " + revision()
        : "Not applied. Revision %d is in force; --if-revision %d applies this plan and no other"
            .formatted(revision() - 1, revision() - 1);
  }

  private static void line(JsonNode rule, Action action, PrintWriter out) {
    int version = rule.path("version").asInt();
    int previous = rule.path("previousVersion").asInt();
    String from = action == Action.UPDATE && previous != version ? previous + " -> " : "";
    out.printf(
        "%s %s  %s %s  version %s%d%n",
        action.sign,
        action.word(),
        Printable.of(rule.path("ruleId").asText()),
        Printable.of(rule.path("title").asText()),
        from,
        version);
  }

  ObjectNode json(ObjectNode root) {
    root.put("applied", applied && !isRefused() && hasChanges()).put("revision", revision());
    root.put("waitsForKafka", answer.path("waitsForKafka").asBoolean());
    Map<Action, Integer> counts = counts();
    for (Action action : Action.values()) {
      root.put(action.word(), counts.getOrDefault(action, 0));
    }
    ArrayNode rules = root.putArray("rules");
    for (JsonNode rule : answer.path("rules")) {
      rules
          .addObject()
          .put("action", Action.of(rule).word())
          .put("id", rule.path("ruleId").asText())
          .put("title", rule.path("title").asText())
          .put("version", rule.path("version").asInt())
          .put("previousVersion", rule.path("previousVersion").asInt());
    }
    ArrayNode diagnostics = root.putArray("diagnostics");
    answer.path("diagnostics").forEach(diagnostics::add);
    return root;
  }
}
