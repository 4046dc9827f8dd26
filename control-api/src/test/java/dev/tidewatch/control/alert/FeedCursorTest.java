package dev.tidewatch.control.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FeedCursorTest {
  @Test
  void textIsReadBack() {
    FeedCursor cursor = new FeedCursor("8f00ba4", 17, "AgAAAC.x_-=");
    assertThat(FeedCursor.parse(cursor.text())).hasValue(cursor);
  }

  @Test
  void whatCouldNotBeACursorIsNone() {
    for (String text :
        List.of(
            "",
            ".",
            "a.b.c",
            "8f.1.",
            "8f.-1.x",
            "8f.1.x\ny",
            "8f.1.\u00e9",
            "8f.9999999999999999999.x",
            "8f.1." + "x".repeat(901),
            "zz.1.x")) {
      assertThat(FeedCursor.parse(text)).as(text).isEmpty();
    }
  }
}
