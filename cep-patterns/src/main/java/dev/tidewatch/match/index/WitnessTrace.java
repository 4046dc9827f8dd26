package dev.tidewatch.match.index;

import dev.tidewatch.match.Candidacy;
import dev.tidewatch.match.Candidacy.Outcome;
import dev.tidewatch.match.Candidacy.Witness;
import dev.tidewatch.match.decode.EventFields;
import dev.tidewatch.match.decode.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Searches one event again, and keeps which literals were found that one rule waits for. */
final class WitnessTrace implements Found {
  private final RuleIndex index;
  private final Partition partition;
  private final int rule;
  private final List<Witness> witnesses = new ArrayList<>();
  private final List<Witness> found = new ArrayList<>();

  /**
   * @param rule by its number in the partition
   */
  private WitnessTrace(RuleIndex index, Partition partition, int rule) {
    this.index = index;
    this.partition = partition;
    this.rule = rule;
  }

  /** For the event that was read last, and went to {@code partition}. */
  static Candidacy of(RuleIndex index, Partition partition, int rule, EventFields<?> event) {
    int local = Arrays.binarySearch(partition.rules(), rule);
    if (local < 0) {
      return new Candidacy(Outcome.RULED_OUT, List.of(), List.of());
    }
    if (Arrays.stream(partition.always()).anyMatch(always -> always == local)) {
      return new Candidacy(Outcome.ALWAYS_TRIED, List.of(), List.of());
    }
    WitnessTrace trace = new WitnessTrace(index, partition, local);
    trace.search(event);
    return new Candidacy(
        trace.found.isEmpty() ? Outcome.NO_WITNESS : Outcome.WITNESS_FOUND,
        trace.witnesses,
        trace.found);
  }

  private void search(EventFields<?> event) {
    Scratch scratch = new Scratch(index.regexes());
    for (FieldIndex field : partition.fields()) {
      await(field.entries);
      field.find(event, scratch, this);
    }
    KeywordIndex keywords = partition.keywords();
    if (keywords != null) {
      await(keywords.entries);
      keywords.find(event, scratch.hits, this);
    }
  }

  private void await(Entries entries) {
    for (int i = 0; i < entries.size(); i++) {
      if (isAwaited(entries, i)) {
        witnesses.add(witness(entries, i));
      }
    }
  }

  @Override
  public void hits(Entries entries, int[] numbers, int from, int count) {
    for (int i = from; i < from + count; i++) {
      if (isAwaited(entries, numbers[i])) {
        found.add(witness(entries, numbers[i]));
      }
    }
  }

  private boolean isAwaited(Entries entries, int number) {
    return Arrays.stream(entries.rules[number]).anyMatch(waiting -> waiting == rule);
  }

  private Witness witness(Entries entries, int number) {
    Literal literal = entries.literal(number);
    String text = Text.decode(literal.text(), 0, literal.text().length);
    int field = partition.tests()[entries.tests[number]].field;
    return new Witness(
        field < 0 ? "" : index.catalog().name(field), operator(literal.kind()), text);
  }

  private static String operator(Literal.Kind kind) {
    return switch (kind) {
      case EQUALS, NUMBER -> "equals";
      case STARTS -> "startswith";
      case ENDS -> "endswith";
      case CONTAINS, ANYWHERE -> "contains";
    };
  }
}
