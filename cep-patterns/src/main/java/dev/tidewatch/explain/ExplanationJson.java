package dev.tidewatch.explain;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewatch.events.LogSource;
import dev.tidewatch.explain.Explanation.SelectionResult;
import dev.tidewatch.match.Candidacy;
import dev.tidewatch.sigma.SigmaRule;
import java.util.List;
import java.util.Locale;

/** Explanations as JSON, nothing left out; the shape is in {@code docs/reference/explain.md}. */
public final class ExplanationJson {
  private ExplanationJson() {}

  public static ObjectNode of(Explanation explanation) {
    ObjectNode out = JsonNodeFactory.instance.objectNode();
    rule(explanation.rule(), out.putObject("rule"));
    out.put("fired", explanation.fired());
    out.put("verdict", key(explanation.verdict()));
    ArrayNode reasons = out.putArray("reasons");
    explanation.reasons().forEach(reasons::add);
    logSource(explanation.logSource(), out.putObject("log_source"));
    ObjectNode condition = out.putObject("condition");
    condition.put("text", explanation.conditionText());
    condition.put("holds", explanation.condition().holds());
    condition.set("tree", condition(explanation.condition()));
    ArrayNode selections = out.putArray("selections");
    for (SelectionResult selection : explanation.selections()) {
      ObjectNode node = selections.addObject();
      node.put("name", selection.name());
      node.put("role", key(selection.role()));
      node.put("holds", selection.holds());
      node.set("search", search(selection.search()));
    }
    candidacy(explanation.candidacy(), out.putObject("index"));
    return out;
  }

  private static void candidacy(Candidacy candidacy, ObjectNode out) {
    out.put("tried", candidacy.wasTried());
    out.put("outcome", key(candidacy.outcome()));
    out.put("text", CandidacyText.of(candidacy));
    put(candidacy.found(), out.putArray("found"));
    put(candidacy.witnesses(), out.putArray("witnesses"));
  }

  private static void put(List<Candidacy.Witness> witnesses, ArrayNode out) {
    for (Candidacy.Witness witness : witnesses) {
      out.addObject()
          .put("field", witness.field())
          .put("operator", witness.operator())
          .put("literal", witness.literal());
    }
  }

  private static void rule(SigmaRule rule, ObjectNode out) {
    out.put("id", rule.id());
    out.put("title", rule.title());
    out.put("level", rule.level());
    out.put("file", rule.file());
  }

  private static void logSource(LogSourceResult result, ObjectNode out) {
    out.put("covers", result.covers());
    put(result.rule(), out.putObject("rule"));
    ArrayNode event = out.putArray("event");
    result.event().forEach(source -> put(source, event.addObject()));
    ArrayNode differences = out.putArray("differences");
    result
        .differences()
        .forEach(
            d ->
                differences
                    .addObject()
                    .put("attribute", d.attribute())
                    .put("wanted", d.wanted())
                    .put("seen", d.seen()));
  }

  private static void put(LogSource source, ObjectNode out) {
    out.put("product", source.product());
    out.put("category", source.category());
    out.put("service", source.service());
  }

  private static ObjectNode condition(ConditionResult result) {
    ObjectNode out = JsonNodeFactory.instance.objectNode();
    out.put("holds", result.holds());
    if (result instanceof ConditionResult.And and) {
      ArrayNode terms = out.put("kind", "and").putArray("terms");
      and.terms().forEach(term -> terms.add(condition(term)));
    } else if (result instanceof ConditionResult.Or or) {
      ArrayNode terms = out.put("kind", "or").putArray("terms");
      or.terms().forEach(term -> terms.add(condition(term)));
    } else if (result instanceof ConditionResult.Not not) {
      out.put("kind", "not").set("term", condition(not.term()));
    } else if (result instanceof ConditionResult.Quantified quantified) {
      out.put("kind", "quantified").put("text", quantified.text());
      out.put("needed", quantified.needed()).put("held", quantified.held());
      ArrayNode selections = out.putArray("selections");
      quantified.selections().forEach(selection -> selections.add(condition(selection)));
    } else {
      out.put("kind", "selection").put("name", ((ConditionResult.Selection) result).name());
    }
    return out;
  }

  private static ObjectNode search(SearchResult result) {
    ObjectNode out = JsonNodeFactory.instance.objectNode();
    out.put("holds", result.holds());
    if (result instanceof SearchResult.Every every) {
      ArrayNode parts = out.put("kind", "every").putArray("parts");
      every.parts().forEach(part -> parts.add(search(part)));
    } else if (result instanceof SearchResult.Any any) {
      ArrayNode parts = out.put("kind", "any").putArray("parts");
      any.parts().forEach(part -> parts.add(search(part)));
    } else if (result instanceof SearchResult.Negated negated) {
      out.put("kind", "neq").set("part", search(negated.part()));
    } else {
      test((SearchResult.Test) result, out);
    }
    return out;
  }

  private static void test(SearchResult.Test test, ObjectNode out) {
    out.put("kind", "test");
    out.put("field", test.field());
    out.put("operator", test.operator());
    out.put("pattern", test.pattern());
    ArrayNode values = out.putArray("values");
    test.values().forEach(values::add);
    if (test.holds()) {
      out.put("matched", test.matched());
    }
    out.put("why", test.why().key());
    out.put("note", test.note());
  }

  private static String key(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
