package dev.tidewatch.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The {@code --rules} option: which rule files a command runs. */
final class RuleSelection {
  @Option(
      names = {"-r", "--rules"},
      arity = "1..*",
      paramLabel = "PATH",
      description = {
        "Sigma rule files or directories; 'starter' is the pack that comes with Tidewatch.",
        "Default: starter."
      })
  List<String> named = new ArrayList<>(List.of());

  /** Paths that exist; the starter pack when nothing is named. */
  List<Path> paths() {
    List<Path> paths = new ArrayList<>();
    for (String name : named.isEmpty() ? List.of("starter") : named) {
      Path path = name.equals("starter") ? Installation.starterRules() : Path.of(name);
      if (!Files.exists(path)) {
        throw new CommandFailedException(
            Tidewatch.USAGE, "--rules " + name + ": no such file or directory");
      }
      paths.add(path);
    }
    return paths;
  }
}
