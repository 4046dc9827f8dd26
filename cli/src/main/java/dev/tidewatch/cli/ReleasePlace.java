package dev.tidewatch.cli;

import dev.tidewatch.agent.release.KeyDirectory;
import dev.tidewatch.agent.release.ReleaseException;
import dev.tidewatch.agent.release.ReleaseRepository;
import dev.tidewatch.agent.release.Validity;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Where a publisher's repository and keys are. */
final class ReleasePlace {
  @Option(
      names = "--repository",
      paramLabel = "DIR",
      description = "What is served to agents. Default: agent-updates in the data directory of up.")
  Path repository = repository(Installation.defaultData());

  @Option(
      names = "--keys",
      paramLabel = "DIR",
      description =
          "Private keys; may be given several times, new ones go into the first. Default: agent-update-keys beside it.")
  List<Path> keys = new ArrayList<>();

  @Option(
      names = "--timestamp-days",
      paramLabel = "N",
      description =
          "How long a timestamp counts, and so how long a release can be hidden. Default: ${DEFAULT-VALUE}.")
  int timestampDays = 7;

  @Option(
      names = "--root-days",
      paramLabel = "N",
      description = "How long a root counts. Default: ${DEFAULT-VALUE}.")
  int rootDays = 365;

  /** Of a stack on one machine. */
  static Path repository(Path data) {
    return data.resolve("agent-updates");
  }

  KeyDirectory keyDirectory() {
    return new KeyDirectory(
        keys.isEmpty()
            ? List.of(repository.toAbsolutePath().resolveSibling("agent-update-keys"))
            : keys);
  }

  Validity validity() {
    if (timestampDays < 1 || rootDays < 1) {
      throw new CommandFailedException(
          Tidewatch.USAGE, "--timestamp-days and --root-days are at least 1");
    }
    return new Validity(
        Duration.ofDays(rootDays),
        Validity.DEFAULT.targets(),
        Validity.DEFAULT.snapshot(),
        Duration.ofDays(timestampDays));
  }

  ReleaseRepository open() throws ReleaseException {
    return ReleaseRepository.open(repository, keyDirectory(), validity(), InstantSource.system());
  }
}
