package dev.tidewatch.match.index;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.MalformedEventException;
import dev.tidewatch.events.v1.SourceHint;
import dev.tidewatch.match.ExhaustiveMatcher;
import dev.tidewatch.match.MatchSession;
import dev.tidewatch.match.RuleMatch;
import dev.tidewatch.match.decode.EventFields;
import dev.tidewatch.match.decode.Unusual;
import java.util.Arrays;
import java.util.List;

/** One thread's way through an {@link IndexedRules}. */
final class IndexSession implements MatchSession {
  private final IndexedRules rules;
  private final EventFields<Partition> event;
  private final Evaluation evaluation;
  private int[] fired = new int[64];
  private int firedCount;
  private int candidates;
  private long leftToReference;

  IndexSession(IndexedRules rules) {
    this.rules = rules;
    this.event = new EventFields<>(rules.index().catalog(), rules.index());
    this.evaluation = new Evaluation(event, rules.index().regexes());
  }

  @Override
  public int match(byte[] payload, int offset, int length, SourceHint hint) {
    firedCount = 0;
    candidates = 0;
    try {
      Partition partition = event.read(payload, offset, length, hint);
      evaluation.run(partition);
      KeywordIndex keywords = partition.keywords();
      event.noteStrings(
          keywords == null || keywords.shortest < 0 ? Integer.MAX_VALUE : keywords.shortest);
    } catch (Unusual e) {
      return matchByReference();
    }
    candidates = evaluation.candidateCount();
    for (int i = 0; i < evaluation.firedCount(); i++) {
      add(evaluation.fired(i));
    }
    if (evaluation.undecidedCount() > 0) {
      addUndecided();
    }
    return firedCount;
  }

  private void add(int rule) {
    if (firedCount == fired.length) {
      fired = Arrays.copyOf(fired, 2 * firedCount);
    }
    fired[firedCount++] = rule;
  }

  private int matchByReference() {
    leftToReference++;
    EventDocument document;
    try {
      document = event.parse();
    } catch (MalformedEventException e) {
      return MALFORMED;
    }
    ExhaustiveMatcher reference = rules.reference();
    List<RuleMatch> matches = reference.match(document);
    candidates = rules.size();
    for (RuleMatch match : matches) {
      add(rules.indexOf(match.rule()));
    }
    return firedCount;
  }

  private void addUndecided() {
    leftToReference++;
    for (int i = 0; i < evaluation.undecidedCount(); i++) {
      int rule = evaluation.undecided(i);
      if (!rules.evidence(rule).match(event.document()).isEmpty()) {
        add(rule);
      }
    }
    Arrays.sort(fired, 0, firedCount);
  }

  @Override
  public int fired(int index) {
    if (index < 0 || index >= firedCount) {
      throw new IndexOutOfBoundsException(index);
    }
    return fired[index];
  }

  @Override
  public int candidates() {
    return candidates;
  }

  @Override
  public long leftToReference() {
    return leftToReference;
  }
}
