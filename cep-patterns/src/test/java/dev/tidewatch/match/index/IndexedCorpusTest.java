package dev.tidewatch.match.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.match.ExhaustiveMatcher;
import dev.tidewatch.match.IndexedMatcher;
import dev.tidewatch.match.MatchSession;
import dev.tidewatch.match.RuleMatch;
import dev.tidewatch.match.decode.Corpus;
import dev.tidewatch.sigma.SigmaRule;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** All rules of the corpus on its events: the same rules fire as by the reference. */
class IndexedCorpusTest {

  @Test
  void firesTheSameRules() throws Exception {
    List<SigmaRule> rules = Corpus.rules();
    ExhaustiveMatcher reference = new ExhaustiveMatcher(rules);
    IndexedMatcher indexed = new IndexedMatcher(rules);
    MatchSession session = indexed.newSession();
    long total = 0;
    for (Path file : Corpus.eventFiles()) {
      long fired = 0;
      long candidates = 0;
      List<byte[]> events = Corpus.events(file, Corpus.nightly() ? 1 : 40);
      long left = session.leftToReference();
      for (byte[] event : events) {
        List<RuleMatch> expected = reference.match(EventDocument.parse(event));
        int count = session.match(event);
        List<SigmaRule> actual = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          actual.add(rules.get(session.fired(i)));
        }
        List<SigmaRule> wanted = expected.stream().map(RuleMatch::rule).toList();
        if (!actual.equals(wanted)) {
          assertThat(actual).as(new String(event, StandardCharsets.UTF_8)).isEqualTo(wanted);
        }
        if (count > 0) {
          assertThat(indexed.match(EventDocument.parse(event))).isEqualTo(expected);
        }
        fired += count;
        candidates += session.candidates();
      }
      System.out.printf(
          "%s: %d events, %d matches, %.2f candidates an event, %d left to the reference%n",
          file.getFileName(),
          events.size(),
          fired,
          (double) candidates / events.size(),
          session.leftToReference() - left);
      total += fired;
    }
    assertThat(total).isGreaterThan(Corpus.nightly() ? 1_000 : 30);
  }
}
