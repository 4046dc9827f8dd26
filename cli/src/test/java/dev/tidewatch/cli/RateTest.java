package dev.tidewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class RateTest {
  private final Rate.Converter converter = new Rate.Converter();

  @Test
  void readsEventsPerSecondOrMinute() {
    assertThat(converter.convert("2000/s")).isEqualTo(new Rate(2000));
    assertThat(converter.convert("0.5")).isEqualTo(new Rate(0.5));
    assertThat(converter.convert("120/m")).isEqualTo(new Rate(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "fast", "-1/s", "0", "10/h", "1e9"})
  void refusesTheRestWithAnExample(String text) {
    assertThatThrownBy(() -> converter.convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("2000/s");
  }

  @Test
  void theFirstEventIsDueAtOnce() {
    long start = System.nanoTime();
    new Rate(0.001).await(start, 0);
    Rate.UNLIMITED.await(start, Long.MAX_VALUE);
    assertThat(System.nanoTime() - start).isLessThan(1_000_000_000L);
  }
}
