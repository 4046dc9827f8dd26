package dev.tidewatch.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Placeholder until the scenario is there. */
@Command(name = "demo", description = "Runs everything with a bundled attack.")
final class DemoCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    throw new CommandFailedException("no scenario yet");
  }
}
