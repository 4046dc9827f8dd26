package dev.tidewatch.sigma.parse;

import static dev.tidewatch.diagnostic.DiagnosticCode.KEYWORD_MODIFIER;
import static dev.tidewatch.diagnostic.DiagnosticCode.MODIFIER_COMBINATION;
import static dev.tidewatch.diagnostic.DiagnosticCode.MODIFIER_WITHOUT_EFFECT;
import static dev.tidewatch.diagnostic.DiagnosticCode.UNKNOWN_MODIFIER;

import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Place;
import dev.tidewatch.diagnostic.Suggestion;
import dev.tidewatch.sigma.ir.TextMode;
import dev.tidewatch.sigma.parse.Modifier.Role;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The key of a detection item: {@code Field|modifier|modifier}. An empty field name is a keyword.
 *
 * @param modifiers in the order written; encodings may repeat
 * @param place of the key
 */
record FieldKey(String field, List<Modifier> modifiers, Place place) {
  private static final Set<Role> OPERATORS =
      EnumSet.of(Role.TEXT_OPERATOR, Role.OPERATOR, Role.COMPARISON, Role.TIME, Role.REFERENCE);
  private static final Set<Role> NEEDS_FIELD =
      EnumSet.of(Role.COMPARISON, Role.TIME, Role.REFERENCE);

  FieldKey {
    modifiers = List.copyOf(modifiers);
  }

  /** A keyword without modifiers. */
  static FieldKey keyword(Place place) {
    return new FieldKey("", List.of(), place);
  }

  /** Empty if the key has an error; all of its errors are reported. */
  static Optional<FieldKey> parse(Scalar key, Diagnostics diagnostics) {
    return new Reading(key, diagnostics).read();
  }

  boolean has(Modifier modifier) {
    return modifiers.contains(modifier);
  }

  boolean isKeyword() {
    return field.isEmpty();
  }

  Optional<Modifier> first(Role role) {
    return modifiers.stream().filter(m -> m.role() == role).findFirst();
  }

  TextMode textMode() {
    TextMode otherwise = isKeyword() ? TextMode.CONTAINS : TextMode.EQUALS;
    return first(Role.TEXT_OPERATOR).map(m -> TextMode.valueOf(m.name())).orElse(otherwise);
  }

  /** Reads one key. */
  private static final class Reading {
    private final Scalar key;
    private final Diagnostics diagnostics;
    private final List<Modifier> modifiers = new ArrayList<>();
    private final List<Place> places = new ArrayList<>();
    private String field = "";

    Reading(Scalar key, Diagnostics diagnostics) {
      this.key = key;
      this.diagnostics = diagnostics;
    }

    Optional<FieldKey> read() {
      int before = diagnostics.errors();
      split();
      if (diagnostics.errors() == before) {
        checkOperators();
        checkRegexFlags();
        checkTransformations();
        checkKeyword();
        checkEffect();
      }
      return diagnostics.errors() == before
          ? Optional.of(new FieldKey(field, modifiers, key.place()))
          : Optional.empty();
    }

    private void split() {
      String text = key.text();
      int bar = text.indexOf('|');
      field = bar < 0 ? text : text.substring(0, bar);
      while (bar >= 0) {
        int next = text.indexOf('|', bar + 1);
        String name = text.substring(bar + 1, next < 0 ? text.length() : next);
        modifier(name, key.at(bar + 1));
        bar = next;
      }
    }

    private void modifier(String name, Place place) {
      Optional<Modifier> modifier = Modifier.named(name);
      if (modifier.isEmpty()) {
        String foreign = Modifier.remedyForForeign(name);
        diagnostics.add(
            UNKNOWN_MODIFIER,
            place,
            name.isEmpty() ? "a | without a modifier after it" : "unknown modifier '" + name + "'",
            foreign.isEmpty()
                ? Suggestion.didYouMean(
                    name, Modifier.names(), "modifiers: " + String.join(" ", Modifier.names()))
                : foreign);
      } else if (modifiers.contains(modifier.get()) && modifier.get().role() != Role.ENCODING) {
        diagnostics.add(
            MODIFIER_WITHOUT_EFFECT, place, "'" + name + "' stands here twice", "write it once");
      } else {
        modifiers.add(modifier.get());
        places.add(place);
      }
    }

    /** At most one operator, but fieldref takes a text operator and time parts a comparison. */
    private void checkOperators() {
      int first = -1;
      for (int i = 0; i < modifiers.size(); i++) {
        if (!OPERATORS.contains(modifiers.get(i).role())) {
          continue;
        }
        if (first >= 0 && !together(modifiers.get(first), modifiers.get(i))) {
          combination(
              i,
              "'" + name(first) + "' and '" + name(i) + "' cannot stand together",
              "use one of them; text with * and ? says both at once");
        }
        first = first < 0 ? i : first;
      }
    }

    private static boolean together(Modifier a, Modifier b) {
      Set<Role> roles = EnumSet.of(a.role(), b.role());
      return roles.equals(EnumSet.of(Role.TEXT_OPERATOR, Role.REFERENCE))
          || roles.equals(EnumSet.of(Role.TIME, Role.COMPARISON));
    }

    private void checkRegexFlags() {
      int re = modifiers.indexOf(Modifier.RE);
      for (int i = 0; i < modifiers.size(); i++) {
        if (modifiers.get(i).role() == Role.REGEX_FLAG && (re < 0 || i < re)) {
          combination(i, "'" + name(i) + "' is a flag of re", "write |re|" + name(i));
        }
      }
    }

    /** Transformations change text; encodings change it before an operator looks at it. */
    private void checkTransformations() {
      boolean operatorSeen = false;
      for (int i = 0; i < modifiers.size(); i++) {
        Modifier modifier = modifiers.get(i);
        operatorSeen |= modifier.role() == Role.TEXT_OPERATOR;
        boolean encoding = modifier.role() == Role.ENCODING;
        if (encoding && operatorSeen) {
          combination(
              i,
              "'" + modifier.sigmaName() + "' must come before the text operator",
              "modifiers apply from left to right: write |" + modifier.sigmaName() + "|contains");
        }
        boolean needsText = encoding || modifier == Modifier.WINDASH;
        boolean textOnly = needsText || modifier == Modifier.EXPAND;
        firstNonText(modifier)
            .filter(other -> needsText || textOnly && !takesPlaceholders(other))
            .ifPresent(index -> combinationOf(modifier, index));
      }
    }

    private Optional<Modifier> firstNonText(Modifier of) {
      return modifiers.stream()
          .filter(m -> m != of)
          .filter(m -> OPERATORS.contains(m.role()) && m.role() != Role.TEXT_OPERATOR)
          .findFirst();
    }

    private static boolean takesPlaceholders(Modifier operator) {
      return operator == Modifier.RE || operator == Modifier.CIDR;
    }

    private void combinationOf(Modifier modifier, Modifier other) {
      combination(
          modifiers.indexOf(modifier),
          "'" + modifier.sigmaName() + "' changes text, and '" + other.sigmaName() + "' takes none",
          "drop one of them");
    }

    private void checkKeyword() {
      if (!field.isEmpty()) {
        return;
      }
      for (int i = 0; i < modifiers.size(); i++) {
        Modifier modifier = modifiers.get(i);
        if (NEEDS_FIELD.contains(modifier.role())
            || modifier == Modifier.EXISTS
            || modifier == Modifier.CIDR) {
          diagnostics.add(
              KEYWORD_MODIFIER,
              places.get(i),
              "'" + modifier.sigmaName() + "' needs a field before it",
              "write FieldName|" + modifier.sigmaName());
        }
      }
    }

    private void checkEffect() {
      int cased = modifiers.indexOf(Modifier.CASED);
      boolean textual =
          modifiers.stream()
              .allMatch(
                  m ->
                      !OPERATORS.contains(m.role())
                          || m.role() == Role.TEXT_OPERATOR
                          || m.role() == Role.REFERENCE);
      if (cased >= 0 && !textual) {
        String why =
            has(Modifier.RE) ? "re is case-sensitive already" : "there is no text to compare";
        diagnostics.add(
            MODIFIER_WITHOUT_EFFECT, places.get(cased), "'cased' has no effect: " + why, "drop it");
      }
      if (has(Modifier.EXISTS) && (has(Modifier.NEQ) || has(Modifier.ALL))) {
        combination(
            modifiers.indexOf(Modifier.EXISTS),
            "'exists' takes one value, and neither 'all' nor 'neq'",
            "write |exists: true or |exists: false");
      }
    }

    private boolean has(Modifier modifier) {
      return modifiers.contains(modifier);
    }

    private String name(int index) {
      return modifiers.get(index).sigmaName();
    }

    private void combination(int index, String message, String remedy) {
      diagnostics.add(MODIFIER_COMBINATION, places.get(index), message, remedy);
    }
  }
}
