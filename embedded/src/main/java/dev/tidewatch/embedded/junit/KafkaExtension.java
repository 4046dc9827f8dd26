package dev.tidewatch.embedded.junit;

import dev.tidewatch.embedded.EmbeddedKafka;
import dev.tidewatch.embedded.KafkaOptions;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs an {@link EmbeddedKafka} for a test class. */
public final class KafkaExtension implements BeforeAllCallback, AfterAllCallback {
  private final UnaryOperator<KafkaOptions> options;
  private @Nullable ScratchDirectory directory;
  private @Nullable EmbeddedKafka kafka;

  public KafkaExtension() {
    this(UnaryOperator.identity());
  }

  /**
   * @param options changes to the defaults, e.g. {@code o -> o.withMaxRecordBytes(64 << 20)}
   */
  public KafkaExtension(UnaryOperator<KafkaOptions> options) {
    this.options = options;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    directory = new ScratchDirectory("kafka");
    kafka = EmbeddedKafka.start(options.apply(KafkaOptions.of(directory.path())));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (kafka != null) {
      kafka.close();
    }
    if (directory != null) {
      directory.close();
    }
  }

  /** The running broker; a test may stop and start it. */
  public EmbeddedKafka kafka() {
    if (kafka == null) {
      throw new IllegalStateException("register the extension as a static field");
    }
    return kafka;
  }

  public String bootstrapServers() {
    return kafka().bootstrapServers();
  }
}
