package dev.tidewatch.benchmarks.chaos;

import dev.tidewatch.embedded.EmbeddedKafka;
import java.nio.file.Path;

/** A broker as a process: {@code DIRECTORY PORT}. Runs until it is killed. */
public final class KafkaBrokerMain {
  private KafkaBrokerMain() {}

  public static void main(String[] args) throws InterruptedException {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(args[0]), Integer.parseInt(args[1]))) {
      while (kafka.isAlive()) {
        Thread.sleep(500);
      }
      System.err.println("Kafka failed: " + kafka.failure().orElse("stopped"));
    }
  }
}
