package dev.tidewatch.sigma.parse;

import static dev.tidewatch.diagnostic.DiagnosticCode.BAD_TAG;

import dev.tidewatch.attack.Attack;
import dev.tidewatch.attack.Tactic;
import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Suggestion;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Whether a tag has Sigma's form, and whether one of the namespace attack names something there.
 */
final class TagCheck {
  private static final Pattern FORM = Pattern.compile("[a-z0-9_-]+\\.[a-z0-9._-]+");
  private static final Pattern ATTACK_OBJECT =
      Pattern.compile(
          "t[0-9]{4}(\\.[0-9]{3})?|g[0-9]{4}|s[0-9]{4}|m[0-9]{4}|ds[0-9]{4}|c[0-9]{4}|ta[0-9]{4}");

  private TagCheck() {}

  static void check(Scalar tag, Diagnostics diagnostics) {
    String text = tag.text();
    if (!FORM.matcher(text).matches()) {
      diagnostics.add(
          BAD_TAG,
          tag.place(),
          "the tag '" + text + "' is not of the form namespace.name",
          "lower case letters, digits, - and _: attack.t1059.001");
      return;
    }
    String name = text.startsWith("attack.") ? text.substring("attack.".length()) : "";
    if (!name.isEmpty()
        && !ATTACK_OBJECT.matcher(name).matches()
        && Attack.tactic(text).isEmpty()) {
      diagnostics.add(
          BAD_TAG,
          tag.place(),
          "ATT&CK has no tactic '" + name + "'",
          Suggestion.didYouMean(
              name, Arrays.stream(Tactic.values()).map(Tactic::shortName).toList(), ""));
    }
  }
}
