package dev.tidewatch.embedded.junit;

import dev.tidewatch.embedded.ClickHouseOptions;
import dev.tidewatch.embedded.EmbeddedClickHouse;
import java.util.function.UnaryOperator;

/** Runs an {@link EmbeddedClickHouse} for a test class. */
public final class ClickHouseExtension extends ServerExtension<EmbeddedClickHouse> {
  public ClickHouseExtension() {
    this(UnaryOperator.identity());
  }

  /**
   * @param options changes to the defaults, e.g. {@code o -> o.withCredentials("a", "b")}
   */
  public ClickHouseExtension(UnaryOperator<ClickHouseOptions> options) {
    super(
        "clickhouse", data -> EmbeddedClickHouse.start(options.apply(ClickHouseOptions.of(data))));
  }

  /** The running server; a test may stop, kill and start it. */
  public EmbeddedClickHouse clickHouse() {
    return server();
  }

  public String url() {
    return clickHouse().url();
  }
}
