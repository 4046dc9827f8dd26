package dev.tidewatch.embedded.clickhouse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewatch.embedded.clickhouse.Statement.InsertRows;
import dev.tidewatch.embedded.clickhouse.Statement.Whole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatementTest {
  private static Statement parse(String sql) {
    byte[] bytes = sql.getBytes(UTF_8);
    return Statement.parse(bytes, bytes.length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      nullValues = "-",
      textBlock =
          """
          INSERT INTO t VALUES (1)                    | INSERT INTO t            | Values | ~ (1)~
          insert into t (a, b) values(1)              | insert into t (a, b)     | Values | (1)
          INSERT INTO t FORMAT CSV 1,2                | INSERT INTO t            | CSV    | 1,2
          INSERT INTO t FORMAT CSV\\r\\n 1,2          | INSERT INTO t            | CSV    | ~ 1,2~
          INSERT INTO t FORMAT CSV\\n\\n1,2           | INSERT INTO t            | CSV    | \\n1,2
          INSERT INTO t(format)FORMAT RowBinary\\n\\n | INSERT INTO t(format)    | RowBinary | \\n
          INSERT INTO d.values(a) VALUES (1)          | INSERT INTO d.values(a)  | Values | ~ (1)~
          INSERT INTO `a;b` FORMAT CSV 1              | INSERT INTO `a;b`        | CSV    | 1
          INSERT INTO t SETTINGS a=1 FORMAT TSV 1     | INSERT INTO t SETTINGS a=1 | TSV  | 1
          INSERT INTO FUNCTION null('a Int8') VALUES (1) | INSERT INTO FUNCTION null('a Int8') | Values | ~ (1)~
          INSERT /* VALUES */ INTO t -- FORMAT X\\n VALUES (1) | INSERT /* VALUES */ INTO t -- FORMAT X | Values | ~ (1)~
          INSERT INTO t                               | INSERT INTO t            | -      | ~~
          INSERT INTO t (a);                          | INSERT INTO t (a)        | -      | ~~
          """)
  void splitsInsertsIntoStatementFormatAndRows(
      String sql, String statement, String format, String rows) {
    String text = sql.replace("\\r", "\r").replace("\\n", "\n");
    InsertRows insert = (InsertRows) parse(text);
    assertThat(insert.sql()).isEqualTo(statement);
    assertThat(insert.format()).isEqualTo(format);
    assertThat(text.substring(insert.dataOffset()))
        .isEqualTo(rows.replace("\\r", "\r").replace("\\n", "\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      nullValues = "-",
      textBlock =
          """
          SELECT 1                                          | true  | -
          SELECT 1 FORMAT JSON                              | true  | JSON
          select 1 format JSON settings max_threads=1       | true  | JSON
          SELECT format FROM t                              | true  | -
          SELECT a AS format, b FROM t FORMAT CSV           | true  | CSV
          SELECT 'FORMAT CSV'                               | true  | -
          SELECT 1 -- FORMAT CSV                            | true  | -
          SELECT format('{}', 1)                            | true  | -
          SELECT $x$ FORMAT CSV $x$ FORMAT TSV ;            | true  | TSV
          WITH 1 AS x SELECT x                              | true  | -
          (SELECT 1) UNION ALL (SELECT 2) FORMAT CSV        | true  | CSV
          SHOW TABLES FORMAT JSON                           | false | JSON
          CREATE TABLE t (format String) ENGINE = Memory    | false | -
          INSERT INTO t SELECT 1                            | false | -
          INSERT INTO t (a) WITH 1 AS x SELECT x            | false | -
          WITH 1 AS x INSERT INTO t SELECT x                | false | -
          """)
  void readsTheFormatOfWholeStatements(String sql, boolean reads, String format) {
    assertThat(parse(sql)).isEqualTo(new Whole(reads, format));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1; SELECT 2",
        "SELECT ';' ; DROP TABLE t",
        "SELECT 1 FORMAT CSV; DROP TABLE t",
        "SELECT 1 /* ; */; -- x\n DROP TABLE t",
        "SELECT 'it''s \\'' ; DROP TABLE t",
        "INSERT INTO t VALUES (1); DROP TABLE t",
        "INSERT INTO t SELECT 1; DROP TABLE t",
        "",
        " \n -- only a comment",
        "/* never closed",
        "INSERT INTO t FORMAT",
      })
  void refusesMoreOrLessThanOneStatement(String sql) {
    assertThatThrownBy(() -> parse(sql))
        .isInstanceOfSatisfying(
            ClickHouseException.class,
            e -> assertThat(e.code()).isEqualTo(ClickHouseException.SYNTAX_ERROR));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1 INTO OUTFILE '/tmp/x'",
        "INSERT INTO t FROM INFILE '/etc/passwd' FORMAT CSV",
      })
  void refusesFilesOfTheServer(String sql) {
    assertThatThrownBy(() -> parse(sql)).hasMessageContaining("not allowed over HTTP");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1;",
        "SELECT 1 ; ; -- done",
        "SELECT ';'",
        "SELECT `;`",
        "SELECT $$;$$",
        "SELECT $a$ ; $ $b$ ; $a$",
        "SELECT 1 # ; SELECT",
        "INSERT INTO t VALUES (';'), ('x;\\'y')",
      })
  void semicolonsInsideAreNotStatements(String sql) {
    assertThat(parse(sql)).isNotNull();
  }

  @Test
  void anyBytesParseOrAreRefused() {
    java.util.Random random = new java.util.Random(11);
    String[] pieces = {
      "INSERT",
      "INTO",
      "t",
      "VALUES",
      "FORMAT",
      "(",
      ")",
      "'",
      "`",
      "$",
      "$a$",
      "--",
      "/*",
      "*/",
      ";",
      "\\",
      "\n",
      " ",
      "SELECT",
      "\0",
      "\uFFFF",
      ".",
      "SETTINGS"
    };
    for (int round = 0; round < 20_000; round++) {
      StringBuilder sql = new StringBuilder();
      for (int i = random.nextInt(12); i >= 0; i--) {
        sql.append(pieces[random.nextInt(pieces.length)]).append(random.nextBoolean() ? " " : "");
      }
      byte[] bytes = sql.toString().getBytes(UTF_8);
      try {
        if (Statement.parse(bytes, bytes.length) instanceof InsertRows insert) {
          assertThat(insert.dataOffset()).isBetween(insert.sql().length(), bytes.length);
        }
      } catch (ClickHouseException e) {
        assertThat(e.code()).isIn(62, 344);
      }
    }
  }
}
