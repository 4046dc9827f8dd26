package dev.tidewatch.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where Tidewatch is installed and where it keeps data unless told otherwise. */
final class Installation {
  private Installation() {}

  /** The root of the checkout; set by the {@code ./tidewatch} script. */
  static Path home() {
    return Path.of(System.getProperty("tidewatch.home", ".")).toAbsolutePath().normalize();
  }

  static Path starterRules() {
    Path rules = home().resolve("cep-patterns/rules");
    if (!Files.isDirectory(rules)) {
      throw new CommandFailedException(
          "the starter rules are not at " + rules + "; start through ./tidewatch, or name --rules");
    }
    return rules;
  }

  /**
   * {@code $TIDEWATCH_DATA}, else {@code $XDG_DATA_HOME/tidewatch}, else {@code
   * ~/.local/share/tidewatch}.
   */
  static Path defaultData() {
    return environment("TIDEWATCH_DATA")
        .map(Path::of)
        .or(() -> environment("XDG_DATA_HOME").map(data -> Path.of(data, "tidewatch")))
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".local", "share", "tidewatch"));
  }

  private static Optional<String> environment(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
  }
}
