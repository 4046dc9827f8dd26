package dev.tidewatch.embedded;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** Formats Kafka's log directory, as {@code kafka-storage.sh format} does. */
final class KafkaLogDirectory {
  /** Idempotent: a formatted directory keeps its cluster id and data. */
  static void format(Path dataDirectory) {
    Path logs = of(dataDirectory);
    if (Files.exists(logs.resolve("meta.properties"))) {
      return;
    }
    try {
      Files.createDirectories(logs);
      new Formatter()
          .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
          .setNodeId(KafkaProperties.NODE_ID)
          .setClusterId(Uuid.randomUuid().toString())
          .setDirectories(List.of(logs.toString()))
          .setMetadataLogDirectory(logs.toString())
          .setControllerListenerName(KafkaProperties.CONTROLLER_LISTENER)
          .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
          .setUnstableFeatureVersionsEnabled(false)
          .setIgnoreFormatted(true)
          .run();
    } catch (Exception e) {
      throw new EmbeddedServerException("Kafka cannot format " + logs + ": " + e.getMessage(), e);
    }
  }

  /** Kafka's own directory inside the data directory. */
  static Path of(Path dataDirectory) {
    return dataDirectory.resolve("log");
  }

  private KafkaLogDirectory() {}
}
