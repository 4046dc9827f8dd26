package dev.tidewatch.control.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.control.v1.RuleFieldChange;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextDiffTest {
  private static String lines(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(i -> i + "\n").collect(Collectors.joining());
  }

  @Test
  void hunksAreThoseOfDiffU() {
    String from = lines(1, 20);
    String to = from.replace("\n3\n", "\nthree\n").replace("\n18\n", "\n18\nmore\n");
    TextDiff diff = TextDiff.of(from, to);

    assertThat(diff.added()).isEqualTo(2);
    assertThat(diff.removed()).isEqualTo(1);
    assertThat(diff.unified())
        .isEqualTo(
            """
            @@ -1,6 +1,6 @@
             1
             2
            -3
            +three
             4
             5
             6
            @@ -16,5 +16,6 @@
             16
             17
             18
            +more
             19
             20
            """);
  }

  @Test
  void equalTextsHaveNoneAndAnEmptyOneIsAllNew() {
    assertThat(TextDiff.of("a\n", "a\n").unified()).isEmpty();
    assertThat(TextDiff.of("", "a\nb\n").unified()).isEqualTo("@@ -0,0 +1,2 @@\n+a\n+b\n");
  }

  @Test
  void theSecondTextComesOutOfTheFirstWhateverTheyAre() {
    List<String> texts = List.of("", lines(1, 9), "4\n" + lines(2, 7), "9\n9\n1\n2\n9\n", "1\n");
    for (String from : texts) {
      for (String to : texts) {
        assertThat(applied(from, TextDiff.of(from, to).unified())).isEqualTo(to.lines().toList());
      }
    }
  }

  private static List<String> applied(String from, String unified) {
    List<String> result = new ArrayList<>();
    Iterator<String> rest = from.lines().iterator();
    int at = 1;
    for (String line : unified.lines().toList()) {
      if (line.startsWith("@@")) {
        String[] range = line.replaceAll("@@ -(\\S+) .*", "$1").split(",");
        int start = Integer.parseInt(range[0]) + (range.length > 1 && range[1].equals("0") ? 1 : 0);
        for (; at < start; at++) {
          result.add(rest.next());
        }
      } else if (line.startsWith("+")) {
        result.add(line.substring(1));
      } else {
        assertThat(rest.next()).isEqualTo(line.substring(1));
        at++;
        if (line.startsWith(" ")) {
          result.add(line.substring(1));
        }
      }
    }
    rest.forEachRemaining(result::add);
    return result;
  }

  @Test
  void fieldsThatSaySomethingElseAreNamed() {
    List<RuleFieldChange> changes =
        FieldChanges.of(
            "title: a\nlevel: low\ntags: [x, y]\ndetection:\n  sel:\n    EventID: 1\n",
            "# a comment\nlevel: high\ntitle: a\ntags: [x]\ndetection:\n  sel:\n    EventID: 1\n    Image: b\n");
    assertThat(changes)
        .extracting(c -> c.getPath() + " " + c.getBefore() + "->" + c.getAfter())
        .containsExactlyInAnyOrder("level low->high", "tags[1] y->", "detection.sel.Image ->b");
    assertThat(changes.stream().filter(c -> c.getPath().equals("tags[1]")).findFirst())
        .hasValueSatisfying(change -> assertThat(change.hasAfter()).isFalse());
  }
}
