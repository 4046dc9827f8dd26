package dev.tidewatch.match.index;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.v1.SourceHint;
import dev.tidewatch.match.Candidacy;
import dev.tidewatch.match.ExhaustiveMatcher;
import dev.tidewatch.match.MatchSession;
import dev.tidewatch.match.decode.EventFields;
import dev.tidewatch.match.decode.Unusual;
import dev.tidewatch.sigma.SigmaRule;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** A rule set with its index, and the reference beside it. Shared by threads. */
public final class IndexedRules {
  private final List<SigmaRule> rules;
  private final RuleIndex index;
  private final Map<SigmaRule, Integer> numbers = new IdentityHashMap<>();
  private final AtomicReferenceArray<@Nullable ExhaustiveMatcher> evidence;
  private volatile @Nullable ExhaustiveMatcher reference;

  public IndexedRules(List<SigmaRule> rules) {
    this.rules = List.copyOf(rules);
    this.index = new RuleIndex(this.rules);
    this.evidence = new AtomicReferenceArray<>(rules.size());
    for (int i = 0; i < this.rules.size(); i++) {
      numbers.put(this.rules.get(i), i);
    }
  }

  public MatchSession newSession() {
    return new IndexSession(this);
  }

  /** Why a rule is tried on an event, or is not. Takes its time; for people who ask. */
  public Candidacy candidacy(int rule, EventDocument document) {
    if (!index.isCovered(rule, document.logSources())) {
      return new Candidacy(Candidacy.Outcome.NOT_ROUTED, List.of(), List.of());
    }
    EventFields<Partition> event = new EventFields<>(index.catalog(), index);
    byte[] payload = document.payloadBytes();
    try {
      Partition partition = event.read(payload, 0, payload.length, document.sourceHint());
      return WitnessTrace.of(index, partition, rule, event);
    } catch (Unusual e) {
      return new Candidacy(Candidacy.Outcome.LEFT_TO_REFERENCE, List.of(), List.of());
    }
  }

  /** For one thread: reads payloads without matching them. */
  public Reading newReading() {
    return new Reading(index);
  }

  /** Reads payloads, and finds out where they go. */
  public static final class Reading {
    private final EventFields<Partition> event;

    private Reading(RuleIndex index) {
      this.event = new EventFields<>(index.catalog(), index);
    }

    /** Rules of the payload's kind; -1 when only the reference can read it. */
    public int read(byte[] payload) {
      try {
        return event
            .read(payload, 0, payload.length, SourceHint.getDefaultInstance())
            .rules()
            .length;
      } catch (Unusual e) {
        return -1;
      }
    }
  }

  public List<SigmaRule> rules() {
    return rules;
  }

  RuleIndex index() {
    return index;
  }

  /** Kinds of events seen so far that have rules of their own. */
  public int partitionCount() {
    return index.partitionCount();
  }

  int size() {
    return rules.size();
  }

  /** Its number; {@code rule} is one of {@link #rules}. */
  public int indexOf(SigmaRule rule) {
    Integer number = numbers.get(rule);
    if (number == null) {
      throw new IllegalArgumentException("not of this rule set: " + rule);
    }
    return number;
  }

  /** The reference for all rules; made when first asked. */
  ExhaustiveMatcher reference() {
    ExhaustiveMatcher known = reference;
    if (known == null) {
      known = new ExhaustiveMatcher(rules);
      reference = known;
    }
    return known;
  }

  /** The reference for one rule: says why it fires. */
  public ExhaustiveMatcher evidence(int rule) {
    ExhaustiveMatcher known = evidence.get(rule);
    if (known == null) {
      known = new ExhaustiveMatcher(List.of(rules.get(rule)));
      evidence.set(rule, known);
    }
    return known;
  }
}
