package dev.tidewatch.match.decode;

import dev.tidewatch.sigma.RuleDirectory;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaRule;
import dev.tidewatch.sigma.ir.Predicate;
import dev.tidewatch.sigma.ir.Search;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;

/** Rules and events of the corpus, where there is one. */
public final class Corpus {
  private static final Path ROOT = Path.of(System.getProperty("tidewatch.corpus", "absent"));

  private Corpus() {}

  public static boolean nightly() {
    return Boolean.getBoolean("tidewatch.nightly");
  }

  public static List<SigmaRule> rules() throws IOException {
    Path rules = ROOT.resolve("sigma-rules/rules");
    Assumptions.assumeTrue(Files.isDirectory(rules), "no corpus at " + ROOT);
    return new SigmaCompiler().compile(RuleDirectory.read(List.of(rules))).rules();
  }

  public static List<Path> eventFiles() throws IOException {
    Path events = ROOT.resolve("events");
    Assumptions.assumeTrue(Files.isDirectory(events), "no corpus at " + ROOT);
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(events, "*.ndjson")) {
      found.forEach(files::add);
    }
    Collections.sort(files);
    return files;
  }

  /** Every {@code step}-th event of a file. */
  public static List<byte[]> events(Path file, int step) throws IOException {
    List<byte[]> events = new ArrayList<>();
    int line = 0;
    for (String text : Files.readAllLines(file)) {
      if (!text.isBlank() && line++ % step == 0) {
        events.add(text.getBytes(StandardCharsets.UTF_8));
      }
    }
    return events;
  }

  public static Set<String> fields(List<SigmaRule> rules) {
    Set<String> fields = new TreeSet<>();
    for (SigmaRule rule : rules) {
      rule.detection().selections().values().forEach(search -> collect(search, fields));
    }
    return fields;
  }

  private static void collect(Search search, Set<String> into) {
    if (search instanceof Search.Every every) {
      every.parts().forEach(part -> collect(part, into));
    } else if (search instanceof Search.Any any) {
      any.parts().forEach(part -> collect(part, into));
    } else if (search instanceof Search.Negated negated) {
      collect(negated.part(), into);
    } else {
      Predicate predicate = ((Search.Test) search).predicate();
      if (!predicate.field().isEmpty()) {
        into.add(predicate.field());
      }
      if (predicate instanceof Predicate.SameAs same) {
        into.add(same.other());
      }
    }
  }
}
