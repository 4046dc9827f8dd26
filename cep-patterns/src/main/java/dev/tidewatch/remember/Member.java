package dev.tidewatch.remember;

import java.util.List;

/**
 * A rule that a stateful rule listens to.
 *
 * @param index its place in {@link StatefulRule#members()}; what {@link Match#member()} says
 * @param name as the stateful rule refers to it: a rule's id or name, or a step's name for a
 *     detection written inline
 * @param ruleId of the detection rule, or of the stateful rule of a chain
 * @param chained it refers to a stateful rule: each of its episodes, as it opens, is one match
 * @param groupFields Sigma field names that give the group's values for this member, in the order
 *     of the rule's group-by, aliases applied
 * @param fields Sigma field names that {@link Match#fields()} carries, in order: values that are
 *     counted or summed, fields that {@code where} compares
 */
public record Member(
    int index,
    String name,
    String ruleId,
    boolean chained,
    List<String> groupFields,
    List<String> fields) {
  public Member {
    groupFields = List.copyOf(groupFields);
    fields = List.copyOf(fields);
  }
}
