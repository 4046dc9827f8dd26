package dev.tidewatch.remember;

import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.sigma.SigmaRule;
import dev.tidewatch.sigma.parse.ParsedDocument;
import dev.tidewatch.sigma.parse.RuleHead;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import java.util.List;
import java.util.Optional;

/**
 * A correlation or pattern document that was read, with the rules it refers to still names. The
 * compiler resolves documents whose references are resolved first; what is left over refers to
 * itself.
 */
public interface StatefulDocument {
  RuleHead head();

  /** Ids or names of rules that it refers to, each place once. */
  List<Scalar> references();

  /**
   * Detections written inside it: rules that MATCH evaluates and that never alert by themselves.
   * Their ids are made of this document's id, {@code #} and a name; they stand in {@code
   * references} of nothing else.
   */
  default List<ParsedDocument.Rule> inline() {
    return List.of();
  }

  /**
   * Makes the rule.
   *
   * @param origin where the document stands, for the rule's head
   * @param targets finds what a reference means
   * @param diagnostics of the document's file
   * @return empty when there was an error; it stands in {@code diagnostics} then
   */
  Optional<StatefulRule> resolve(Origin origin, Targets targets, Diagnostics diagnostics);

  /**
   * @param hash first 16 hex digits of SHA-256 over {@code source}
   */
  record Origin(String file, String source, int version, String hash) {}

  /** The rules of the set. */
  interface Targets {
    /** A detection rule with this id or name. */
    Optional<SigmaRule> detection(String idOrName);

    /** A stateful rule with this id or name that is resolved already. */
    Optional<StatefulRule> stateful(String idOrName);
  }
}
