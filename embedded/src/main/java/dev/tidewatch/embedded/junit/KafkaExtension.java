package dev.tidewatch.embedded.junit;

import dev.tidewatch.embedded.EmbeddedKafka;
import dev.tidewatch.embedded.KafkaOptions;
import java.util.function.UnaryOperator;

/** Runs an {@link EmbeddedKafka} for a test class. */
public final class KafkaExtension extends ServerExtension<EmbeddedKafka> {
  public KafkaExtension() {
    this(UnaryOperator.identity());
  }

  /**
   * @param options changes to the defaults, e.g. {@code o -> o.withMaxRecordBytes(64 << 20)}
   */
  public KafkaExtension(UnaryOperator<KafkaOptions> options) {
    super("kafka", data -> EmbeddedKafka.start(options.apply(KafkaOptions.of(data))));
  }

  /** The running broker; a test may stop and start it. */
  public EmbeddedKafka kafka() {
    return server();
  }

  public String bootstrapServers() {
    return kafka().bootstrapServers();
  }
}
