package dev.tidewatch.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ArgumentsTest {
  @Test
  void bothSpellingsAreRead() {
    assertThat(Arguments.parse(new String[] {"--a.b", "1", "--c=x=y"}).toMap())
        .containsEntry("a.b", "1")
        .containsEntry("c", "x=y");
  }

  @Test
  void everythingElseIsNamed() {
    assertThatThrownBy(() -> Arguments.parse(new String[] {"a", "--", "--=x", "--last"}))
        .hasMessageContainingAll("a: is not", "--: is not", "--=x: is not", "--last: has no value");
  }
}
