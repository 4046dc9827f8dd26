package dev.tidewatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MigrationTest {
  @Test
  void everyMigrationFileIsListedInOrderAndNumberedWithoutGaps()
      throws IOException, URISyntaxException {
    Path directory = Path.of(Migration.class.getResource("migrations").toURI());
    List<String> files;
    try (Stream<Path> list = Files.list(directory)) {
      files = list.map(file -> file.getFileName().toString()).sorted().toList();
    }
    List<Migration> migrations = Migration.all();
    assertThat(migrations).extracting(migration -> migration.name() + ".sql").isEqualTo(files);
    for (int i = 0; i < migrations.size(); i++) {
      assertThat(migrations.get(i).version()).isEqualTo(i + 1);
    }
  }

  @Test
  void statementsEndWhereALineEndsInASemicolon() {
    Migration migration =
        new Migration("V001__x", "SELECT ';' AS a,\n  2; \n\n-- note\nSELECT 3;\r\nSELECT 4");
    assertThat(migration.statements(Map.of()))
        .containsExactly("SELECT ';' AS a,\n  2", "-- note\nSELECT 3", "SELECT 4");
  }

  @Test
  void variablesAreFilledInLiterally() {
    Migration migration = new Migration("V001__x", "CREATE TABLE ${database}.t ${on_cluster};");
    assertThat(migration.statements(Map.of("database", "d$1", "on_cluster", "ON CLUSTER c")))
        .containsExactly("CREATE TABLE d$1.t ON CLUSTER c");
  }

  @Test
  void unknownVariableIsNamed() {
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> new Migration("V007__x", "SELECT ${nope};").statements(Map.of()))
        .withMessageContaining("V007__x")
        .withMessageContaining("nope");
  }

  @Test
  void checksumIsOfTheTextAsWritten() {
    // sha256sum of "SELECT 1;"
    assertThat(new Migration("V001__x", "SELECT 1;").checksum())
        .isEqualTo("17db4fd369edb9244b9f91d9aeed145c3d04ad8ba6e95d06247f07a63527d11a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"V1__x", "V001_x", "V001__X", "001__x", "V001__x; DROP", ""})
  void namesAreChecked(String name) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new Migration(name, ""));
  }
}
