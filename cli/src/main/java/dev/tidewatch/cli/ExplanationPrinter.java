package dev.tidewatch.cli;

import dev.tidewatch.events.LogSource;
import dev.tidewatch.explain.CandidacyText;
import dev.tidewatch.explain.ConditionResult;
import dev.tidewatch.explain.Explanation;
import dev.tidewatch.explain.Explanation.Role;
import dev.tidewatch.explain.Explanation.SelectionResult;
import dev.tidewatch.explain.LogSourceResult;
import dev.tidewatch.explain.SearchResult;
import dev.tidewatch.explain.Why;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Explanations for people: a tree with ✓ and ✗. Values of one field that are alternatives stand on
 * one line; text of rules and events cannot drive the terminal.
 */
final class ExplanationPrinter {
  private static final int PATTERN_WIDTH = 80;
  private static final int VALUE_WIDTH = 160;
  private static final int PATTERNS_SHOWN = 4;
  private static final String GREEN = "32";
  private static final String RED = "31";
  private static final String FAINT = "2";

  private final PrintWriter out;
  private final boolean colours;
  private final boolean all;

  /**
   * @param all show every value of long lists
   */
  ExplanationPrinter(PrintWriter out, boolean colours, boolean all) {
    this.out = out;
    this.colours = colours;
    this.all = all;
  }

  void print(Explanation explanation) {
    out.println(
        Printable.of(explanation.rule().title())
            + faint("  " + Printable.of(explanation.rule().id())));
    line(0, explanation.fired(), verdict(explanation));
    out.println();
    logSource(explanation.logSource());
    line(0, explanation.condition().holds(), "condition  " + text(explanation.conditionText()));
    if (!(explanation.condition() instanceof ConditionResult.Selection)) {
      condition(explanation.condition(), 1);
    }
    for (SelectionResult selection : explanation.selections()) {
      out.println();
      line(0, selection.holds(), text(selection.name()) + faint(role(selection.role())));
      search(selection.search(), 1);
    }
    out.println();
    line(0, explanation.candidacy().wasTried(), index(explanation));
    out.println();
  }

  private String index(Explanation explanation) {
    return "index: " + text(CandidacyText.of(explanation.candidacy()));
  }

  private static String verdict(Explanation explanation) {
    String reasons =
        explanation.reasons().stream().map(Printable::of).collect(Collectors.joining(", "));
    return switch (explanation.verdict()) {
      case FIRES -> "fires: " + reasons;
      case CONDITION_DOES_NOT_HOLD -> "does not fire: " + reasons;
      case LOG_SOURCE_DIFFERS ->
          "does not fire: the rule is not evaluated on such events, "
              + reasons
              + ". Below is what its detection would say";
    };
  }

  private void logSource(LogSourceResult result) {
    String events =
        result.event().stream().map(ExplanationPrinter::shown).collect(Collectors.joining(", "));
    String relation = result.covers() ? " covers the event's " : " does not cover the event's ";
    line(0, result.covers(), "log source " + shown(result.rule()) + relation + events);
    for (LogSourceResult.Difference difference : result.differences()) {
      String seen = difference.seen().isEmpty() ? "none" : text(difference.seen());
      line(
          1,
          false,
          difference.attribute() + ": wanted " + text(difference.wanted()) + ", event has " + seen);
    }
  }

  private static String shown(LogSource source) {
    return "["
        + Printable.of(
                named("product", source.product())
                    + named("category", source.category())
                    + named("service", source.service()))
            .strip()
        + "]";
  }

  private static String named(String attribute, String value) {
    return value.isEmpty() ? "" : attribute + "=" + value + " ";
  }

  private void condition(ConditionResult result, int depth) {
    if (result instanceof ConditionResult.And and) {
      line(depth, and.holds(), "and");
      and.terms().forEach(term -> condition(term, depth + 1));
    } else if (result instanceof ConditionResult.Or or) {
      line(depth, or.holds(), "or");
      or.terms().forEach(term -> condition(term, depth + 1));
    } else if (result instanceof ConditionResult.Not not) {
      line(depth, not.holds(), "not" + faint(not.holds() ? "" : "  excluded"));
      condition(not.term(), depth + 1);
    } else if (result instanceof ConditionResult.Quantified quantified) {
      String held = "  " + quantified.held() + " of " + quantified.selections().size() + " hold";
      line(depth, quantified.holds(), text(quantified.text()) + faint(held));
      quantified.selections().forEach(selection -> condition(selection, depth + 1));
    } else {
      line(depth, result.holds(), text(((ConditionResult.Selection) result).name()));
    }
  }

  private void search(SearchResult result, int depth) {
    if (result instanceof SearchResult.Every every) {
      every.parts().forEach(part -> search(part, depth));
    } else if (result instanceof SearchResult.Negated negated) {
      line(depth, negated.holds(), "neq: none of");
      search(negated.part(), depth + 1);
    } else if (result instanceof SearchResult.Test test) {
      line(depth, test.holds(), subject(test) + " " + quoted(test.pattern()) + seen(test));
    } else {
      any((SearchResult.Any) result, depth);
    }
  }

  private void any(SearchResult.Any any, int depth) {
    List<SearchResult.Test> tests = new ArrayList<>();
    if (collect(any, tests)) {
      values(any.holds(), tests, depth);
      return;
    }
    line(depth, any.holds(), "one of");
    for (SearchResult part : any.parts()) {
      if (part instanceof SearchResult.Every) {
        line(depth + 1, part.holds(), "all of");
        search(part, depth + 2);
      } else {
        search(part, depth + 1);
      }
    }
  }

  /** Tests of nested lists are alternatives all the same: encodings make several of one value. */
  private static boolean collect(SearchResult.Any any, List<SearchResult.Test> into) {
    for (SearchResult part : any.parts()) {
      if (part instanceof SearchResult.Test test) {
        into.add(test);
      } else if (!(part instanceof SearchResult.Any nested) || !collect(nested, into)) {
        return false;
      }
    }
    SearchResult.Test first = into.get(0);
    return into.stream()
        .allMatch(t -> t.field().equals(first.field()) && t.operator().equals(first.operator()));
  }

  /** A list of values: the one that held, or the first of them and the best reason. */
  private void values(boolean holds, List<SearchResult.Test> tests, int depth) {
    SearchResult.Test telling = telling(tests);
    long distinct = tests.stream().map(SearchResult.Test::pattern).distinct().count();
    String count = distinct == 1 ? "" : "one of " + distinct;
    String subject = subject(telling);
    if (holds) {
      String of = count.isEmpty() ? "" : faint("  " + count);
      line(depth, true, subject + " " + quoted(telling.pattern()) + of + seen(telling));
    } else {
      String of = count.isEmpty() ? "" : " " + count + ":";
      line(depth, false, subject + of + patterns(tests) + seen(telling));
    }
    if (all && distinct > 1) {
      tests.forEach(
          test -> line(depth + 1, test.holds(), quoted(test.pattern()) + "  " + why(test)));
    }
  }

  private static SearchResult.Test telling(List<SearchResult.Test> tests) {
    return tests.stream()
        .filter(SearchResult::holds)
        .findFirst()
        .or(
            () ->
                tests.stream()
                    .filter(t -> t.why() != Why.VALUE_DIFFERS && t.why() != Why.NOT_FOUND)
                    .findFirst())
        .orElse(tests.get(0));
  }

  private String patterns(List<SearchResult.Test> tests) {
    List<String> patterns = tests.stream().map(SearchResult.Test::pattern).distinct().toList();
    String shown =
        patterns.stream()
            .limit(PATTERNS_SHOWN)
            .map(pattern -> " " + quoted(pattern))
            .collect(Collectors.joining());
    int more = patterns.size() - PATTERNS_SHOWN;
    return more > 0 && !all ? shown + faint(" and " + more + " more (--all)") : shown;
  }

  private static String subject(SearchResult.Test test) {
    return test.field().isEmpty()
        ? Printable.of(test.operator())
        : Printable.of(test.field() + " " + test.operator());
  }

  private String seen(SearchResult.Test test) {
    StringBuilder seen = new StringBuilder();
    if (test.holds()) {
      seen.append(test.matched().isEmpty() ? "" : "  event: " + value(test.matched()));
    } else if (!test.values().isEmpty()) {
      seen.append("  event: ")
          .append(
              test.values().stream()
                  .limit(PATTERNS_SHOWN)
                  .map(ExplanationPrinter::value)
                  .collect(Collectors.joining(", ")));
      seen.append(test.values().size() > PATTERNS_SHOWN ? ", …" : "");
    }
    return seen + (test.holds() ? "" : "  " + why(test));
  }

  private String why(SearchResult.Test test) {
    String note = test.note().isEmpty() ? "" : ": " + Printable.of(test.note());
    return faint("(" + test.why().sentence() + note + ")");
  }

  private static String role(Role role) {
    return switch (role) {
      case SELECTION -> "";
      case EXCLUSION -> "  exclusion";
      case BOTH -> "  with and without not";
      case UNUSED -> "  the condition does not use it";
    };
  }

  private void line(int depth, boolean holds, String text) {
    String mark = holds ? paint(GREEN, "✓") : paint(RED, "✗");
    out.println("  ".repeat(depth) + mark + " " + text);
  }

  private static String text(String untrusted) {
    return Printable.cut(Printable.of(untrusted), 4 * VALUE_WIDTH);
  }

  private static String quoted(String pattern) {
    return "'" + Printable.cut(Printable.of(pattern), PATTERN_WIDTH) + "'";
  }

  private static String value(String value) {
    return "'" + Printable.cut(Printable.of(value), VALUE_WIDTH) + "'";
  }

  private String faint(String text) {
    return text.isBlank() ? text : paint(FAINT, text);
  }

  private String paint(String code, String text) {
    return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
