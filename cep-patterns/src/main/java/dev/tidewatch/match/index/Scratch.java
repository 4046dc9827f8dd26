package dev.tidewatch.match.index;

import dev.tidewatch.match.regex.LazyDfa;
import org.jspecify.annotations.Nullable;

/** What tests keep for one thread. */
final class Scratch {
  private final @Nullable LazyDfa[] automata;

  final Hits hits = new Hits();
  final ValueCache values = new ValueCache();
  final AddressReader address = new AddressReader();

  Scratch(int regexes) {
    automata = new LazyDfa[regexes];
  }

  LazyDfa automaton(RegexTest test) {
    LazyDfa known = automata[test.number()];
    if (known == null) {
      known = test.regex().matcher();
      automata[test.number()] = known;
    }
    return known;
  }
}
