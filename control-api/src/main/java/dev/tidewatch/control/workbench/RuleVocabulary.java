package dev.tidewatch.control.workbench;

import dev.tidewatch.control.rule.WireRules;
import dev.tidewatch.control.v1.FieldUse;
import dev.tidewatch.control.v1.GetVocabularyRequest;
import dev.tidewatch.control.v1.Vocabulary;
import dev.tidewatch.events.LogSource;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.sigma.SigmaRule;
import dev.tidewatch.sigma.ir.Search;
import dev.tidewatch.sigma.parse.Modifiers;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What an editor can offer: the words of the rules that run. */
final class RuleVocabulary {
  private static final int MOST_FIELDS = 300;

  private RuleVocabulary() {}

  static Vocabulary of(Compilation running, GetVocabularyRequest request) {
    LogSource asked =
        new LogSource(request.getProduct(), request.getCategory(), request.getService());
    Map<String, Integer> uses = new HashMap<>();
    Set<LogSource> sources = new HashSet<>();
    for (SigmaRule rule : running.rules()) {
      sources.add(rule.logSource());
      if (agree(rule.logSource(), asked)) {
        Set<String> fields = new HashSet<>();
        rule.detection().selections().values().forEach(search -> fields(search, fields));
        fields.forEach(field -> uses.merge(field, 1, Integer::sum));
      }
    }
    Vocabulary.Builder answer = Vocabulary.newBuilder().addAllModifiers(Modifiers.names());
    uses.entrySet().stream()
        .sorted(
            Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(MOST_FIELDS)
        .forEach(
            use ->
                answer.addFields(
                    FieldUse.newBuilder().setField(use.getKey()).setRules(use.getValue())));
    sources.stream()
        .sorted(
            Comparator.comparing(LogSource::product)
                .thenComparing(LogSource::category)
                .thenComparing(LogSource::service))
        .forEach(source -> answer.addLogSources(WireRules.logSource(source)));
    return answer.build();
  }

  /** Attributes that both name are equal. */
  private static boolean agree(LogSource rule, LogSource asked) {
    return agree(rule.product(), asked.product())
        && agree(rule.category(), asked.category())
        && agree(rule.service(), asked.service());
  }

  private static boolean agree(String rule, String asked) {
    return rule.isEmpty() || asked.isEmpty() || rule.equals(asked);
  }

  private static void fields(Search search, Set<String> into) {
    if (search instanceof Search.Every every) {
      every.parts().forEach(part -> fields(part, into));
    } else if (search instanceof Search.Any any) {
      any.parts().forEach(part -> fields(part, into));
    } else if (search instanceof Search.Negated negated) {
      fields(negated.part(), into);
    } else if (search instanceof Search.Test test && !test.predicate().field().isEmpty()) {
      into.add(test.predicate().field());
    }
  }
}
