package dev.tidewatch.store;

import dev.tidewatch.control.v1.AlertRow;
import java.util.List;

/** Alerts of a tenant as they become visible. Of one subscriber; not thread-safe. */
public final class AlertTail {
  AlertTail() {}

  /**
   * Alerts stored since the last poll, oldest first, at most {@code limit}; empty when there are
   * none. Returns at once.
   */
  public List<AlertRow> poll(int limit) {
    throw new UnsupportedOperationException();
  }

  /**
   * Where another tail continues: it skips nothing and may show alerts of the last minute again.
   */
  public String cursor() {
    throw new UnsupportedOperationException();
  }
}
