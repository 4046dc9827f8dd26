package dev.tidewatch.agent.batch;

import dev.tidewatch.ingest.v1.Codec;
import java.time.Duration;

/**
 * When a batch is closed.
 *
 * @param maxEvents in a batch
 * @param maxBytes of the serialised block, uncompressed; one larger event makes a batch of its own
 * @param linger how long the first event of a batch waits for others
 * @param codec how blocks are compressed; {@link Codec#CODEC_UNSPECIFIED}: not
 */
public record BatchOptions(int maxEvents, int maxBytes, Duration linger, Codec codec) {
  public static final BatchOptions DEFAULT =
      new BatchOptions(500, 256 << 10, Duration.ofMillis(200), Codec.CODEC_ZSTD);

  public BatchOptions {
    if (maxEvents < 1 || maxBytes < 1 || linger.isNegative()) {
      throw new IllegalArgumentException("a batch holds at least one event and one byte");
    }
  }
}
