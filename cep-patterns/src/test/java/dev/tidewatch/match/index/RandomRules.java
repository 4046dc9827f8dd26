package dev.tidewatch.match.index;

import dev.tidewatch.events.LogSource;
import dev.tidewatch.sigma.SigmaRule;
import dev.tidewatch.sigma.ir.Comparison;
import dev.tidewatch.sigma.ir.Condition;
import dev.tidewatch.sigma.ir.Detection;
import dev.tidewatch.sigma.ir.Predicate;
import dev.tidewatch.sigma.ir.Search;
import dev.tidewatch.sigma.ir.TextMode;
import dev.tidewatch.sigma.ir.TextPattern;
import dev.tidewatch.sigma.ir.TimePart;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Rules and events that have much in common, so that many conditions hold, and many nearly do. */
final class RandomRules {
  private static final List<String> FIELDS =
      List.of(
          "Image",
          "CommandLine",
          "User",
          "EventID",
          "Channel",
          "Provider_Name",
          "a.b",
          "a",
          "Source Name",
          "IntegrityLevel",
          "Message",
          "Data",
          "x");
  private static final List<String> WORDS =
      List.of(
          "a",
          "b",
          "cmd",
          "power",
          "shell",
          ".exe",
          "\\",
          "/",
          "C:\\Win",
          " -enc ",
          "\u00e9",
          "\u212A",
          "k",
          "S",
          "\u017f",
          "Security",
          "10.0.0.1",
          "10.0.0.01",
          "::ffff:10.1.2.3",
          "11.0.0.1",
          "4688",
          "1",
          "x",
          "\"",
          "\n",
          "\ud83d\ude00",
          "windows",
          "\u0130",
          "abcdefghij",
          "-");
  private static final List<String> REGEXES =
      List.of(
          "cmd",
          "(?i)CMD",
          "^a",
          "a$",
          "[a-c]+x",
          "power.{0,3}shell",
          "\\bk\\b",
          "(a|b){2,3}",
          "\\d+\\.\\d",
          "^$",
          ".",
          "[^a-z]",
          "(?:exe|dll)$",
          "\\\\Win",
          "\u00e9",
          "s",
          "(?m)^b$",
          "\\w-enc",
          "x*y?",
          "(power|cmd).*exe");
  private static final List<LogSource> SOURCES =
      List.of(
          new LogSource("windows", "", ""),
          new LogSource("windows", "process_creation", ""),
          new LogSource("windows", "", "security"),
          new LogSource("", "", ""),
          new LogSource("zeek", "", "conn"));
  private final Random random;

  RandomRules(Random random) {
    this.random = random;
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  List<SigmaRule> rules(int count) {
    List<SigmaRule> rules = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rules.add(rule(i));
    }
    return rules;
  }

  private SigmaRule rule(int number) {
    Map<String, Search> selections = new LinkedHashMap<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      selections.put("s" + i, search(2));
    }
    Detection detection = new Detection(selections, condition(List.copyOf(selections.keySet()), 2));
    String id = "rule-" + number;
    return new SigmaRule(
        id,
        1,
        id,
        id,
        "",
        "",
        "",
        "low",
        any(SOURCES),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        id,
        "",
        id,
        detection);
  }

  private Condition condition(List<String> names, int depth) {
    int kind = depth == 0 ? 0 : random.nextInt(7);
    return switch (kind) {
      case 1, 2 -> new Condition.And(conditions(names, depth));
      case 3 -> new Condition.Or(conditions(names, depth));
      case 4 -> new Condition.Not(condition(names, depth - 1));
      case 5 -> new Condition.AtLeast(1 + random.nextInt(names.size()), "s*", names);
      case 6 -> new Condition.AllOf("s*", names);
      default -> new Condition.Selection(any(names));
    };
  }

  private List<Condition> conditions(List<String> names, int depth) {
    return List.of(condition(names, depth - 1), condition(names, depth - 1));
  }

  private Search search(int depth) {
    int kind = depth == 0 ? 0 : random.nextInt(6);
    return switch (kind) {
      case 1 -> new Search.Every(searches(depth));
      case 2 -> new Search.Any(searches(depth));
      case 3 -> new Search.Negated(search(depth - 1));
      default -> new Search.Test(predicate());
    };
  }

  private List<Search> searches(int depth) {
    List<Search> parts = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      parts.add(search(depth - 1));
    }
    return parts;
  }

  private Predicate predicate() {
    String field = any(FIELDS);
    return switch (random.nextInt(16)) {
      case 0 -> new Predicate.IsNull(field);
      case 1 -> new Predicate.Exists(field, random.nextBoolean());
      case 2 -> new Predicate.Regex(field, any(REGEXES), random.nextInt(4) == 0 ? "i" : "");
      case 3 -> number(random.nextInt(3) == 0 ? field : "EventID");
      case 4 -> new Predicate.InNetwork(field, "10.0.0.0/8");
      case 5 -> new Predicate.Compare(field, Comparison.GREATER, BigDecimal.valueOf(2));
      case 6 ->
          new Predicate.SameAs(
              field, any(List.of(TextMode.values())), any(FIELDS), false, random.nextBoolean());
      case 7, 8 -> keyword();
      case 9 -> new Predicate.InTime(field, TimePart.HOUR, Comparison.LESS, 12);
      default -> text(field);
    };
  }

  private Predicate number(String field) {
    String written = any(List.of("4688", "1", "1.5", "-0", "0", "1e3", "1000", "5"));
    return new Predicate.NumberEquals(field, new BigDecimal(written), written);
  }

  private Predicate keyword() {
    String text = phrase();
    if (text.isEmpty() || random.nextInt(8) == 0) {
      return random.nextBoolean()
          ? new Predicate.Regex("", any(REGEXES), "")
          : new Predicate.Text("", TextMode.CONTAINS, TextPattern.parse("a*" + text), false, text);
    }
    return new Predicate.Text(
        "", TextMode.CONTAINS, TextPattern.literal(text), random.nextInt(4) == 0, text);
  }

  private Predicate text(String field) {
    String text = phrase();
    TextPattern pattern = TextPattern.literal(text);
    if (random.nextInt(3) == 0) {
      String wild = any(List.of("*", "?")) + phrase();
      pattern = TextPattern.parse(random.nextBoolean() ? text + wild : wild + text);
    }
    return new Predicate.Text(
        field, any(List.of(TextMode.values())), pattern, random.nextInt(5) == 0, text);
  }

  private String phrase() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      text.append(
          random.nextInt(12) == 0 ? any(WORDS).toUpperCase(java.util.Locale.ROOT) : any(WORDS));
    }
    return text.toString();
  }

  String event() {
    StringBuilder json = new StringBuilder("{");
    if (random.nextInt(3) > 0) {
      json.append("\"Channel\":\"").append(random.nextInt(3) == 0 ? "System" : "Security");
      json.append("\",\"EventID\":").append(any(List.of("4688", "1", "\"4688\"", "4688.0", "5")));
    } else if (random.nextBoolean()) {
      json.append("\"_path\":\"conn\",\"ts\":1.5");
    } else {
      json.append(
          "\"Event\":{\"System\":{\"Channel\":\"Security\",\"EventID\":4688},\"EventData\":{");
      members(json, true);
      return json.append("}}}").toString();
    }
    members(json, false);
    return json.append('}').toString();
  }

  private void members(StringBuilder json, boolean first) {
    List<String> names =
        new ArrayList<>(
            List.of(
                "Image",
                "CommandLine",
                "User",
                "a.b",
                "a",
                "SourceName",
                "NewProcessName",
                "SubjectUserName",
                "SubjectDomainName",
                "MandatoryLabel",
                "Message",
                "x",
                "Data",
                "Provider_Name",
                "Source Name",
                "y"));
    java.util.Collections.shuffle(names, random);
    boolean comma = !first;
    for (String name : names.subList(0, random.nextInt(8))) {
      json.append(comma ? "," : "").append('"').append(name).append("\":");
      value(json, 2);
      comma = true;
    }
  }

  private void value(StringBuilder json, int depth) {
    switch (depth == 0 ? 9 : random.nextInt(14)) {
      case 0 -> json.append(any(List.of("1", "4688", "-0", "1.50", "1e3", "0.0000001", "5")));
      case 1 -> json.append(any(List.of("null", "true", "[]", "{}")));
      case 2 -> {
        json.append('[');
        value(json, depth - 1);
        json.append(',');
        value(json, depth - 1);
        json.append(']');
      }
      case 3 -> {
        json.append("{\"b\":");
        value(json, depth - 1);
        json.append('}');
      }
      case 4 -> json.append("\"S-1-16-8192\"");
      case 5 -> json.append("\"2025-01-31T10:15:00\"");
      default -> string(json, phrase() + phrase());
    }
  }

  private void string(StringBuilder json, String text) {
    json.append('"');
    for (char c : text.toCharArray()) {
      boolean escape = random.nextInt(20) == 0;
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ' || escape) {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }
}
