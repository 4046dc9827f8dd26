package dev.tidewatch.sigma.parse;

import static dev.tidewatch.diagnostic.DiagnosticCode.ALL_WITH_ONE_VALUE;
import static dev.tidewatch.diagnostic.DiagnosticCode.DETECTION_LIMIT;
import static dev.tidewatch.diagnostic.DiagnosticCode.KEYWORD_VALUE;
import static dev.tidewatch.diagnostic.DiagnosticCode.MODIFIER_TYPE;
import static dev.tidewatch.diagnostic.DiagnosticCode.NESTED_VALUE;
import static dev.tidewatch.diagnostic.DiagnosticCode.NO_VALUE;
import static dev.tidewatch.diagnostic.DiagnosticCode.UNDEFINED_PLACEHOLDER;

import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Suggestion;
import dev.tidewatch.sigma.ir.Comparison;
import dev.tidewatch.sigma.ir.Predicate;
import dev.tidewatch.sigma.ir.Search;
import dev.tidewatch.sigma.ir.TimePart;
import dev.tidewatch.sigma.parse.Modifier.Role;
import dev.tidewatch.sigma.yaml.YamlNode;
import dev.tidewatch.sigma.yaml.YamlNode.Entry;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import dev.tidewatch.sigma.yaml.YamlNode.Sequence;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One item of a selection: a field with its modifiers, and a value or a list of them. */
final class ItemParser {
  private final Map<String, List<String>> valueLists;
  private final Diagnostics diagnostics;

  ItemParser(Map<String, List<String>> valueLists, Diagnostics diagnostics) {
    this.valueLists = valueLists;
    this.diagnostics = diagnostics;
  }

  /** Empty if the item has an error. */
  Optional<Search> parse(Entry entry) {
    Optional<FieldKey> key = FieldKey.parse(entry.key(), diagnostics);
    List<Scalar> values = values(entry);
    if (key.isEmpty() || values.isEmpty()) {
      return Optional.empty();
    }
    return combine(key.get(), values);
  }

  /** A value of a list without fields: a keyword. */
  Optional<Search> keyword(Scalar value) {
    return value(FieldKey.keyword(value.place()), value);
  }

  private List<Scalar> values(Entry entry) {
    if (entry.value() instanceof Scalar scalar) {
      return List.of(scalar);
    }
    if (!(entry.value() instanceof Sequence sequence)) {
      nested(entry.value());
      return List.of();
    }
    if (sequence.items().isEmpty()) {
      diagnostics.add(
          NO_VALUE, entry.key().place(), "'" + entry.key().text() + "' has an empty list", "");
    }
    List<Scalar> values = new ArrayList<>(sequence.items().size());
    for (YamlNode item : sequence.items()) {
      if (item instanceof Scalar scalar) {
        values.add(scalar);
      } else {
        nested(item);
      }
    }
    return values;
  }

  private void nested(YamlNode node) {
    diagnostics.add(
        NESTED_VALUE,
        node.place(),
        "a value must be text, a number, true, false or null, not " + node.kindName(),
        "nested fields are written with dots: userIdentity.type: Root");
  }

  private Optional<Search> combine(FieldKey key, List<Scalar> values) {
    int before = diagnostics.errors();
    List<Search> parts = new ArrayList<>(values.size());
    for (Scalar value : values) {
      value(key, value).ifPresent(parts::add);
    }
    if (diagnostics.errors() != before) {
      return Optional.empty();
    }
    boolean all = key.has(Modifier.ALL);
    if (all && values.size() == 1 && !(key.has(Modifier.EXPAND))) {
      diagnostics.add(
          ALL_WITH_ONE_VALUE, key.place(), "'all' with a single value has no effect", "drop it");
    }
    Search search = all ? Search.every(parts) : Search.any(parts);
    boolean negated = key.has(Modifier.NEQ) && !key.has(Modifier.FIELDREF);
    return Optional.of(negated ? new Search.Negated(search) : search);
  }

  private Optional<Search> value(FieldKey key, Scalar value) {
    if (key.has(Modifier.EXISTS)) {
      return exists(key, value);
    }
    if (value.isNull()) {
      return isNull(key, value);
    }
    Optional<Modifier> time = key.first(Role.TIME);
    Optional<Comparison> comparison = key.first(Role.COMPARISON).map(ItemParser::comparison);
    if (time.isPresent()) {
      return inTime(key, TimePart.valueOf(time.get().name()), comparison, value);
    }
    if (comparison.isPresent()) {
      return compare(key, comparison.get(), value);
    }
    if (key.has(Modifier.FIELDREF)) {
      return sameAs(key, value);
    }
    return textual(key, value);
  }

  private Optional<Search> textual(FieldKey key, Scalar value) {
    if (!key.has(Modifier.EXPAND)) {
      return textual(key, value, value.text());
    }
    try {
      Placeholders placeholders = Placeholders.expand(value.text(), valueLists);
      placeholders.names().forEach(name -> undefined(name, value));
      List<Search> parts = new ArrayList<>();
      for (String text : placeholders.values()) {
        textual(key, value, text).ifPresent(parts::add);
      }
      return parts.isEmpty() ? Optional.empty() : Optional.of(Search.any(parts));
    } catch (Placeholders.TooManyValuesException e) {
      diagnostics.add(
          DETECTION_LIMIT, value.place(), "the placeholders expand to too many values", "");
      return Optional.empty();
    }
  }

  private Optional<Search> textual(FieldKey key, Scalar value, String text) {
    if (key.has(Modifier.RE)) {
      return regex(key, value, text);
    }
    if (key.has(Modifier.CIDR)) {
      return Networks.parse(text, value.place(), diagnostics)
          .map(network -> new Search.Test(new Predicate.InNetwork(key.field(), network)));
    }
    if (value.kind() == Scalar.Kind.NUMBER && isPlainNumber(key, value)) {
      return test(new Predicate.NumberEquals(key.field(), value.number(), value.text()));
    }
    if (value.kind() == Scalar.Kind.BOOLEAN && !isPlainBoolean(key)) {
      return wrongType(key, value, "text");
    }
    return new TextValueParser(key, diagnostics).parse(value, text);
  }

  private static boolean isPlainNumber(FieldKey key, Scalar value) {
    return isPlainBoolean(key) && !value.text().startsWith("0x");
  }

  /** Equality, without anything that works on text. */
  private static boolean isPlainBoolean(FieldKey key) {
    return !key.isKeyword()
        && key.modifiers().stream().allMatch(m -> m.role() == Role.LIST || m == Modifier.EXPAND);
  }

  private Optional<Search> regex(FieldKey key, Scalar value, String text) {
    StringBuilder flags = new StringBuilder();
    for (Modifier flag : List.of(Modifier.I, Modifier.M, Modifier.S)) {
      flags.append(key.has(flag) ? flag.sigmaName() : "");
    }
    if (!RegexCheck.accepts(text, flags.toString(), value, diagnostics)) {
      return Optional.empty();
    }
    return test(new Predicate.Regex(key.field(), text, flags.toString()));
  }

  private Optional<Search> exists(FieldKey key, Scalar value) {
    if (value.kind() != Scalar.Kind.BOOLEAN) {
      return wrongType(key, value, "true or false");
    }
    return test(new Predicate.Exists(key.field(), value.text().equalsIgnoreCase("true")));
  }

  private Optional<Search> isNull(FieldKey key, Scalar value) {
    if (key.isKeyword()) {
      diagnostics.add(
          KEYWORD_VALUE,
          value.place(),
          "a keyword must be text or a number, not null",
          "put it in quotes if the word null is meant");
      return Optional.empty();
    }
    if (key.modifiers().stream().anyMatch(m -> m.role() != Role.LIST)) {
      return wrongType(key, value, "a value");
    }
    return test(new Predicate.IsNull(key.field()));
  }

  private Optional<Search> compare(FieldKey key, Comparison comparison, Scalar value) {
    Optional<BigDecimal> number = number(value);
    if (number.isEmpty()) {
      return wrongType(key, value, "a number");
    }
    return test(new Predicate.Compare(key.field(), comparison, number.get()));
  }

  private static Optional<BigDecimal> number(Scalar value) {
    if (value.kind() == Scalar.Kind.NUMBER) {
      return Optional.of(value.number());
    }
    String text = value.text();
    if (text.matches("[-+]?[0-9]{1,40}(\\.[0-9]{1,40})?")) {
      return Optional.of(new BigDecimal(text));
    }
    if (text.matches("0[xX][0-9a-fA-F]{1,16}")) {
      return Optional.of(new BigDecimal(new BigInteger(text.substring(2), 16)));
    }
    return Optional.empty();
  }

  private Optional<Search> inTime(
      FieldKey key, TimePart part, Optional<Comparison> comparison, Scalar value) {
    Optional<BigDecimal> number = number(value);
    boolean fits =
        number.isPresent()
            && number.get().stripTrailingZeros().scale() <= 0
            && number.get().abs().compareTo(BigDecimal.valueOf(TimePart.YEAR.last())) <= 0
            && (comparison.isPresent() || part.canBe(number.get().intValueExact()));
    if (!fits) {
      return wrongType(key, value, "a number from " + part.first() + " to " + part.last());
    }
    return test(
        new Predicate.InTime(
            key.field(), part, comparison.orElse(Comparison.EQUAL), number.get().intValueExact()));
  }

  private static Comparison comparison(Modifier modifier) {
    return switch (modifier) {
      case LT -> Comparison.LESS;
      case LTE -> Comparison.LESS_OR_EQUAL;
      case GT -> Comparison.GREATER;
      case GTE -> Comparison.GREATER_OR_EQUAL;
      default -> throw new IllegalArgumentException(modifier.sigmaName());
    };
  }

  private Optional<Search> sameAs(FieldKey key, Scalar value) {
    if (value.kind() != Scalar.Kind.TEXT || value.text().isEmpty()) {
      return wrongType(key, value, "the name of a field");
    }
    return test(
        new Predicate.SameAs(
            key.field(),
            key.textMode(),
            value.text(),
            key.has(Modifier.CASED),
            key.has(Modifier.NEQ)));
  }

  private static Optional<Search> test(Predicate predicate) {
    return Optional.of(new Search.Test(predicate));
  }

  private void undefined(String name, Scalar value) {
    diagnostics.add(
        UNDEFINED_PLACEHOLDER,
        value.at(Math.max(0, value.text().indexOf("%" + name + "%"))),
        "the placeholder %" + name + "% has no value list",
        Suggestion.didYouMean(
            name, valueLists.keySet(), "define a value list named " + name + " and compile again"));
  }

  private Optional<Search> wrongType(FieldKey key, Scalar value, String expected) {
    String modifiers = String.join("|", key.modifiers().stream().map(Modifier::sigmaName).toList());
    diagnostics.add(
        MODIFIER_TYPE,
        value.place(),
        (modifiers.isEmpty() ? "a keyword" : "'" + modifiers + "'")
            + " takes "
            + expected
            + ", not "
            + describe(value),
        value.isNull() ? "field: null, without a modifier, tests for a missing value" : "");
    return Optional.empty();
  }

  private static String describe(Scalar value) {
    return switch (value.kind()) {
      case NULL -> "null";
      case TEXT -> "the text '" + value.text() + "'";
      case NUMBER, BOOLEAN -> value.text();
    };
  }
}
