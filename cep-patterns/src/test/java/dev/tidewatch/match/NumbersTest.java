package dev.tidewatch.match;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0, 0",
    "+7, 7",
    "007, 7",
    "1.5, 1.5",
    ".5, 0.5",
    "5., 5",
    "1e3, 1000",
    "-1.5E-2, -0.015",
    "0x3e7, 999",
    "0XFFFFFFFFFFFFFFFF, 18446744073709551615",
    "123456789012345678901234567890, 123456789012345678901234567890"
  })
  void readsNumbers(String text, BigDecimal number) {
    assertThat(Numbers.parse(text)).isNotNull().isEqualByComparingTo(number);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "x",
        "-",
        "+",
        ".",
        "1 ",
        " 1",
        "1,5",
        "0x",
        "0xg",
        "1e",
        "1e+",
        "e5",
        "--1",
        "1-2",
        "1.2.3",
        "NaN",
        "Infinity",
        "1e999999",
        "٣",
        "0x１",
        "+-1",
        "1e5.5"
      })
  void refusesTheRest(String text) {
    assertThat(Numbers.parse(text)).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {65, 1000, 100_000})
  void refusesWhatIsTooLong(int length) {
    assertThat(Numbers.parse("9".repeat(length))).isNull();
  }
}
