package dev.tidewatch.embedded;

import java.nio.file.Path;
import java.util.Map;

/**
 * How an {@link EmbeddedKafka} runs.
 *
 * @param dataDirectory kept between starts; created where missing
 * @param port client port on 127.0.0.1; 0 = a free one
 * @param maxRecordBytes largest record batch a producer may send and a consumer may fetch
 * @param overrides broker properties that win over the defaults of {@link EmbeddedKafka}
 */
public record KafkaOptions(
    Path dataDirectory, int port, int maxRecordBytes, Map<String, String> overrides) {
  /** Holds a 20 MB event with room for its envelope. */
  public static final int DEFAULT_MAX_RECORD_BYTES = 32 << 20;

  public KafkaOptions {
    overrides = Map.copyOf(overrides);
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is not in 0..65535");
    }
    if (maxRecordBytes < 1 << 20) {
      throw new IllegalArgumentException("maxRecordBytes " + maxRecordBytes + " is below 1 MiB");
    }
  }

  public static KafkaOptions of(Path dataDirectory) {
    return new KafkaOptions(dataDirectory, 0, DEFAULT_MAX_RECORD_BYTES, Map.of());
  }

  public KafkaOptions withPort(int newPort) {
    return new KafkaOptions(dataDirectory, newPort, maxRecordBytes, overrides);
  }

  public KafkaOptions withMaxRecordBytes(int bytes) {
    return new KafkaOptions(dataDirectory, port, bytes, overrides);
  }

  public KafkaOptions withOverrides(Map<String, String> properties) {
    return new KafkaOptions(dataDirectory, port, maxRecordBytes, properties);
  }
}
