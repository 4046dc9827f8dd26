package dev.tidewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void plainTextIsItself() {
    String text = "C:\\Windows\\ürg 日本 🌊";
    assertThat(Printable.of(text)).isSameAs(text);
  }

  @Test
  void controlsBidiAndLoneSurrogatesBecomeVisible() {
    assertThat(Printable.of("a\u001b[2J\nb\u202ec\ud83d"))
        .isEqualTo("a\\u{1b}[2J\\nb\\u{202e}c\\u{d83d}");
  }

  @Test
  void aCutIsMarkedAndSplitsNoPair() {
    assertThat(Printable.cut("abcdef", 6)).isEqualTo("abcdef");
    assertThat(Printable.cut("abcdefg", 6)).isEqualTo("abcde…");
    assertThat(Printable.cut("abcd🌊efg", 6)).isEqualTo("abcd…");
  }
}
