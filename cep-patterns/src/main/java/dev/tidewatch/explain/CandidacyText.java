package dev.tidewatch.explain;

import dev.tidewatch.match.Candidacy;
import dev.tidewatch.match.Candidacy.Witness;

/** What the index did with a rule, in words. */
public final class CandidacyText {
  private CandidacyText() {}

  public static String of(Candidacy candidacy) {
    return switch (candidacy.outcome()) {
      case WITNESS_FOUND -> "the rule was tried: " + of(candidacy.found().get(0)) + " was found";
      case NO_WITNESS -> "the rule was not tried: " + missing(candidacy) + " was found";
      case ALWAYS_TRIED -> "the rule was tried: it needs no text that an index could look for";
      case RULED_OUT ->
          "the rule was not tried: channel, event id or provider decide that it cannot fire";
      case NOT_ROUTED -> "the rule was not tried: it does not look at such events";
      case LEFT_TO_REFERENCE -> "the rule was tried: every rule is on events of such a form";
    };
  }

  private static String missing(Candidacy candidacy) {
    String first = of(candidacy.witnesses().get(0));
    int more = candidacy.witnesses().size() - 1;
    return more == 0 ? "no " + first : "neither " + first + " nor one of " + more + " others";
  }

  private static String of(Witness witness) {
    String field = witness.field().isEmpty() ? "event" : witness.field();
    return field + " " + witness.operator() + " '" + witness.literal() + "'";
  }
}
