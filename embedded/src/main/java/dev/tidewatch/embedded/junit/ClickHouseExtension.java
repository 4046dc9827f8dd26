package dev.tidewatch.embedded.junit;

import dev.tidewatch.embedded.ClickHouseOptions;
import dev.tidewatch.embedded.EmbeddedClickHouse;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs an {@link EmbeddedClickHouse} for a test class. */
public final class ClickHouseExtension implements BeforeAllCallback, AfterAllCallback {
  private final UnaryOperator<ClickHouseOptions> options;
  private @Nullable ScratchDirectory directory;
  private @Nullable EmbeddedClickHouse clickHouse;

  public ClickHouseExtension() {
    this(UnaryOperator.identity());
  }

  /**
   * @param options changes to the defaults, e.g. {@code o -> o.withCredentials("a", "b")}
   */
  public ClickHouseExtension(UnaryOperator<ClickHouseOptions> options) {
    this.options = options;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    directory = new ScratchDirectory("clickhouse");
    clickHouse = EmbeddedClickHouse.start(options.apply(ClickHouseOptions.of(directory.path())));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (clickHouse != null) {
      clickHouse.close();
    }
    if (directory != null) {
      directory.close();
    }
  }

  /** The running server; a test may stop, kill and start it. */
  public EmbeddedClickHouse clickHouse() {
    if (clickHouse == null) {
      throw new IllegalStateException("register the extension as a static field");
    }
    return clickHouse;
  }

  public String url() {
    return clickHouse().url();
  }
}
