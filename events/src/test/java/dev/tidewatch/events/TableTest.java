package dev.tidewatch.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.StringReader;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTest {

  @Test
  void readsColumnsBetweenSpacesOrTabs() throws Exception {
    List<Table.Row> rows = read("# why\na  b c    d\n\n1  2 3   -\nx\ty\n");
    assertThat(rows).hasSize(2);
    assertThat(rows.get(0).get("a")).isEqualTo("1");
    assertThat(rows.get(0).get("b c")).isEqualTo("2 3");
    assertThat(rows.get(0).get("d")).isEmpty();
    assertThat(rows.get(1).get("b c")).isEqualTo("y");
    assertThat(rows.get(1).get("d")).isEmpty();
  }

  @Test
  void namesTheLineOfAFault() {
    assertThatThrownBy(() -> read("a  b\n1  2  3\n")).hasMessageContaining("t:2: more cells");
    assertThatThrownBy(() -> read("a  b\n1  2\n").get(0).get("c"))
        .hasMessageContaining("t:2: has no column c");
    assertThatThrownBy(() -> Table.read("missing.table")).hasMessageContaining("is missing");
  }

  @Test
  void aHoleInTheTablesIsFoundAtTheStart() throws Exception {
    List<Table.Row> none = List.of();
    FieldAliases noSets = new FieldAliases(none);
    assertThatThrownBy(() -> noSets.of(List.of("x"))).hasMessageContaining("no set x");
    String head =
        "family  key  id  when  product  category  service  class  activity  status  aliases\n";
    LogSourceTable table =
        new LogSourceTable(
            read(head + "windows  *  *  a  -  -  -  0  0\nf  k  1  -  p  c  s  0  0\n"),
            none,
            noSets);
    assertThat(table.hasFallback("windows")).as("has a condition").isFalse();
    assertThat(table.hasFallback("g")).isFalse();
    assertThat(table.sources()).contains(new LogSource("p", "c", "s"));
    assertThatThrownBy(
            () -> new LogSourceTable(read(head + "f  k  1  -  p  c  s  x  0\n"), none, noSets))
        .hasMessageContaining("t:2: class is no number");
    assertThatThrownBy(() -> new LogSourceTable(none, read("provider  channel\nP  Q\n"), noSets))
        .hasMessageContaining("t:2: log-sources.table has no channel Q");
  }

  @Test
  void everyClassHasACaption() {
    Set<String> known =
        Table.read("ocsf-classes.table").stream()
            .map(row -> row.get("class"))
            .collect(Collectors.toSet());
    Set<String> used = new TreeSet<>();
    Table.read("log-sources.table").forEach(row -> used.add(row.get("class")));
    Table.read("ocsf-columns.table").forEach(row -> used.addAll(row.list("class")));
    Table.read("ocsf-summaries.table").forEach(row -> used.add(row.get("class").split("/")[0]));
    used.remove("*");
    assertThat(known).containsAll(used);
  }

  @Test
  void everyColumnCanBeFilled() {
    Set<String> filled =
        Table.read("ocsf-columns.table").stream()
            .map(row -> row.get("column"))
            .collect(Collectors.toSet());
    for (OcsfEvent.Column column : OcsfEvent.COLUMNS) {
      assertThat(filled).contains(column.name());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shapes.table",
        "log-sources.table",
        "field-aliases.table",
        "ocsf-columns.table",
        "ocsf-summaries.table",
        "ocsf-classes.table",
        "providers.table"
      })
  void hasRows(String file) {
    assertThat(Table.read(file)).isNotEmpty();
  }

  private static List<Table.Row> read(String text) throws Exception {
    return Table.read("t", new BufferedReader(new StringReader(text)));
  }
}
