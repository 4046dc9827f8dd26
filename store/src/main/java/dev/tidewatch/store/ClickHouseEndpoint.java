package dev.tidewatch.store;

import java.io.Serializable;

/**
 * Where ClickHouse listens.
 *
 * @param url HTTP endpoint, e.g. {@code http://127.0.0.1:8123}
 * @param database {@code tidewatch} unless a test wants its own
 */
public record ClickHouseEndpoint(String url, String user, String password, String database)
    implements Serializable {
  public static ClickHouseEndpoint of(String url) {
    return new ClickHouseEndpoint(url, "default", "", "tidewatch");
  }
}
