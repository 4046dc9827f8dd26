package dev.tidewatch.match.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every field of every rule of the corpus, in every event of the corpus, read both ways. */
class DecodeCorpusTest {

  @Test
  void readsWhatTheDocumentHas() throws Exception {
    Set<String> names = Corpus.fields(Corpus.rules());
    for (Path file : Corpus.eventFiles()) {
      FieldReading reading =
          new FieldReading(names, Set.of("Channel", "EventID", "Provider_Name", "eventName"));
      for (byte[] event : Corpus.events(file, Corpus.nightly() ? 1 : 5)) {
        reading.check(event);
      }
      System.out.printf(
          "%s: %d read, %d left to the reference%n",
          file.getFileName(), reading.read, reading.unusual);
      assertThat(reading.malformed).isZero();
      assertThat(reading.unusual).isLessThan(reading.read / 50 + 1);
    }
  }
}
