package dev.tidewatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreOptionsTest {
  @Test
  void defaults() {
    assertThat(StoreOptions.defaults())
        .isEqualTo(
            new StoreOptions(
                Duration.ofSeconds(2),
                Duration.ofSeconds(30),
                Duration.ofSeconds(15),
                2,
                512L << 20,
                ""));
    assertThat(ClickHouseEndpoint.of("http://h:8123"))
        .isEqualTo(new ClickHouseEndpoint("http://h:8123", "default", "", "tidewatch"));
  }

  @Test
  void nonsenseIsRefusedByName() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> StoreOptions.defaults().withWriteTimeout(Duration.ZERO))
        .withMessageContaining("writeTimeout");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> StoreOptions.defaults().withQueryTimeout(Duration.ofSeconds(-1)))
        .withMessageContaining("queryTimeout");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> StoreOptions.defaults().withCluster("a b"))
        .withMessageContaining("cluster");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1a", "a-b", "a; DROP DATABASE b", "a`b", "ä"})
  void databaseIsAnIdentifier(String name) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> ClickHouseEndpoint.of("http://h").withDatabase(name))
        .withMessageContaining("database");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "h:8123", "ftp://h", "jdbc:clickhouse://h"})
  void urlIsHttp(String url) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> ClickHouseEndpoint.of(url))
        .withMessageContaining("http");
  }

  @Test
  void passwordIsNotPrinted() {
    assertThat(new ClickHouseEndpoint("http://h", "u", "secret", "d").toString())
        .doesNotContain("secret");
  }
}
