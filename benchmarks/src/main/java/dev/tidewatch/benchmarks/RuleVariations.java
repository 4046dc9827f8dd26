package dev.tidewatch.benchmarks;

import dev.tidewatch.sigma.SigmaRule;
import dev.tidewatch.sigma.ir.Detection;
import dev.tidewatch.sigma.ir.Predicate;
import dev.tidewatch.sigma.ir.Search;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Many rules from few: each rule again with other literals, id and title, as large and as much like
 * real rules as those they are made from. Synthetic. Numbers, networks, regular expressions and the
 * fields that say what kind of event a rule is for stay, so that a variation is tried on the same
 * events as its original and shares with it what rules of one author share.
 */
public final class RuleVariations {
  private static final Set<String> KINDS =
      Set.of("Channel", "EventID", "Provider_Name", "eventSource", "eventName");
  private static final int SHORTEST = 4;
  private static final int LETTERS = 26;

  private RuleVariations() {}

  /** {@code rules}, followed by {@code times - 1} variations of each. */
  public static List<SigmaRule> of(List<SigmaRule> rules, int times) {
    List<SigmaRule> all = new ArrayList<>(rules);
    for (int variation = 1; variation < times; variation++) {
      for (SigmaRule rule : rules) {
        all.add(varied(rule, variation));
      }
    }
    return all;
  }

  private static SigmaRule varied(SigmaRule rule, int variation) {
    Map<String, Search> selections = new LinkedHashMap<>();
    rule.detection()
        .selections()
        .forEach((name, search) -> selections.put(name, varied(search, variation)));
    String id =
        UUID.nameUUIDFromBytes((rule.id() + "/" + variation).getBytes(StandardCharsets.UTF_8))
            .toString();
    return new SigmaRule(
        id,
        rule.version(),
        rule.hash(),
        rule.title() + " (variation " + variation + ")",
        rule.description(),
        rule.author(),
        rule.status(),
        rule.level(),
        rule.logSource(),
        rule.tags(),
        rule.techniqueIds(),
        rule.tactics(),
        rule.falsePositives(),
        rule.references(),
        rule.file(),
        rule.source(),
        rule.name(),
        new Detection(selections, rule.detection().condition()));
  }

  private static Search varied(Search search, int variation) {
    if (search instanceof Search.Every every) {
      return Search.every(every.parts().stream().map(part -> varied(part, variation)).toList());
    }
    if (search instanceof Search.Any any) {
      return Search.any(any.parts().stream().map(part -> varied(part, variation)).toList());
    }
    if (search instanceof Search.Negated negated) {
      return new Search.Negated(varied(negated.part(), variation));
    }
    Predicate predicate = ((Search.Test) search).predicate();
    return predicate instanceof Predicate.Text text && !KINDS.contains(text.field())
        ? new Search.Test(varied(text, variation))
        : search;
  }

  private static Predicate varied(Predicate.Text text, int variation) {
    return new Predicate.Text(
        text.field(),
        text.mode(),
        text.text().mapText(literal -> varied(literal, variation)),
        text.cased(),
        text.written());
  }

  /** The two letters in the middle of the longest word moved on in the alphabet. */
  static String varied(String literal, int variation) {
    int start = 0;
    int best = 0;
    int length = 0;
    for (int i = 0; i <= literal.length(); i++) {
      if (i == literal.length() || !isLetter(literal.charAt(i))) {
        if (i - start > length) {
          best = start;
          length = i - start;
        }
        start = i + 1;
      }
    }
    if (length < SHORTEST) {
      return literal;
    }
    StringBuilder changed = new StringBuilder(literal);
    int middle = best + length / 2;
    changed.setCharAt(middle, moved(literal.charAt(middle), variation % LETTERS));
    changed.setCharAt(middle - 1, moved(literal.charAt(middle - 1), 1 + variation / LETTERS));
    return changed.toString();
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }

  private static char moved(char letter, int by) {
    char first = letter <= 'Z' ? 'A' : 'a';
    return (char) (first + (letter - first + by) % LETTERS);
  }
}
