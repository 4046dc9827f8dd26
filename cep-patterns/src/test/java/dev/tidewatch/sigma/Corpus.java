package dev.tidewatch.sigma;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The shared corpus of third-party rules and events; tests skip where it is absent. */
public final class Corpus {
  private Corpus() {}

  public static Path directory(String name) {
    String root = System.getProperty("tidewatch.corpus", "");
    Path path = Path.of(root, name);
    Assumptions.assumeTrue(
        !root.isEmpty() && Files.exists(path), "no corpus at tidewatch.corpus=" + root);
    return path;
  }
}
