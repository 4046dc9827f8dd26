package dev.tidewatch.sigma.parse;

import dev.tidewatch.sigma.ir.Detection;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import java.util.List;

/** A document that has no error. */
public sealed interface ParsedDocument {
  RuleHead head();

  Detection detection();

  /** A detection rule. */
  record Rule(RuleHead head, Detection detection) implements ParsedDocument {}

  /**
   * A filter (row 31): its detection must hold for the rules it names to fire.
   *
   * @param rules ids or names; empty: every rule of its log source
   */
  record Filter(RuleHead head, List<Scalar> rules, Detection detection) implements ParsedDocument {
    public Filter {
      rules = List.copyOf(rules);
    }
  }
}
