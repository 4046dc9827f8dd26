package dev.tidewatch.embedded.clickhouse;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the front must know of a statement before the engine sees it. The engine parses the rest.
 */
sealed interface Statement {
  /**
   * {@code INSERT} with rows in the request.
   *
   * @param sql up to and without {@code FORMAT} or {@code VALUES}
   * @param format named by the statement, or null
   * @param dataOffset where rows begin, behind what was parsed; at most its length
   */
  record InsertRows(String sql, @Nullable String format, int dataOffset) implements Statement {}

  /**
   * Anything else.
   *
   * @param reads a query whose answer may be sent while it runs
   * @param format named by the statement, or null
   */
  record Whole(boolean reads, @Nullable String format) implements Statement {}

  /**
   * Looks at the first {@code length} bytes of {@code sql}.
   *
   * @throws ClickHouseException for an empty statement, more than one, or files on the server
   */
  static Statement parse(byte[] sql, int length) {
    SqlTokens tokens = new SqlTokens(sql, 0, length);
    if (!tokens.advance()) {
      throw ClickHouseException.of(ClickHouseException.SYNTAX_ERROR, "SYNTAX_ERROR", "Empty query");
    }
    return tokens.is("INSERT") ? new InsertParser(sql, length, tokens).parse() : whole(sql, tokens);
  }

  private static Whole whole(byte[] sql, SqlTokens tokens) {
    boolean reads = tokens.is("SELECT") || tokens.is("WITH") || tokens.is('(');
    boolean insertsInside = false;
    String format = null;
    boolean more = true;
    while (more && !(tokens.is(';') && tokens.atTopLevel())) {
      insertsInside |= tokens.is("INSERT");
      if (tokens.atTopLevel() && tokens.is("OUTFILE")) {
        throw noFiles("INTO OUTFILE");
      }
      if (tokens.atTopLevel() && tokens.is("FORMAT")) {
        format = nextWord(sql, tokens);
        more = tokens.advance();
        // FORMAT ends a statement, but is also a fine column name.
        format = !more || tokens.is(';') || tokens.is("SETTINGS") ? format : null;
      } else {
        more = tokens.advance();
      }
    }
    rejectMore(tokens);
    return new Whole(reads && !insertsInside, format);
  }

  private static void rejectMore(SqlTokens tokens) {
    while (tokens.advance()) {
      if (!tokens.is(';')) {
        throw ClickHouseException.of(
            ClickHouseException.SYNTAX_ERROR,
            "SYNTAX_ERROR",
            "Syntax error (Multi-statements are not allowed): failed at position "
                + (tokens.start() + 1));
      }
    }
  }

  private static @Nullable String nextWord(byte[] sql, SqlTokens tokens) {
    if (!tokens.advance() || !tokens.isWord()) {
      return null;
    }
    return new String(sql, tokens.start(), tokens.end() - tokens.start(), UTF_8);
  }

  private static ClickHouseException noFiles(String clause) {
    return ClickHouseException.of(
        ClickHouseException.SUPPORT_IS_DISABLED,
        "SUPPORT_IS_DISABLED",
        clause + " is not allowed over HTTP");
  }

  /**
   * {@code INSERT INTO [TABLE] [FUNCTION] name [(columns)] [SETTINGS …] FORMAT x | VALUES |
   * SELECT}.
   */
  final class InsertParser {
    private static final Set<String> OPTIONAL = Set.of("INTO", "TABLE", "FUNCTION");

    private final byte[] sql;
    private final int length;
    private final SqlTokens tokens;

    private InsertParser(byte[] sql, int length, SqlTokens tokens) {
      this.sql = sql;
      this.length = length;
      this.tokens = tokens;
    }

    private Statement parse() {
      boolean more = skipTableName();
      for (; more; more = tokens.advance()) {
        if (!tokens.atTopLevel()) {
          continue;
        }
        if (tokens.is("SELECT") || tokens.is("WITH") || tokens.is("WATCH")) {
          return new Whole(false, whole(sql, tokens).format());
        } else if (tokens.is("INFILE")) {
          throw noFiles("FROM INFILE");
        } else if (tokens.is("VALUES")) {
          InsertRows values = new InsertRows(before(tokens.start()), "Values", tokens.end());
          rejectStatementAfterValues();
          return values;
        } else if (tokens.is("FORMAT")) {
          return withFormat();
        } else if (tokens.is(';')) {
          return new InsertRows(before(tokens.start()), null, length);
        }
      }
      return new InsertRows(before(length), null, length);
    }

    /** Stops behind the name, so that a table named {@code values} is no keyword. */
    private boolean skipTableName() {
      boolean more = tokens.advance();
      while (more && OPTIONAL.stream().anyMatch(tokens::is)) {
        more = tokens.advance();
      }
      boolean dotted = true;
      while (more && dotted) {
        more = tokens.advance();
        dotted = more && tokens.is('.');
        if (dotted) {
          more = tokens.advance();
        }
      }
      return more;
    }

    /** The engine would stop at the semicolon and drop the rest without a word. */
    private void rejectStatementAfterValues() {
      while (tokens.advance()) {
        if (tokens.is(';') && tokens.atTopLevel()) {
          rejectMore(tokens);
        }
      }
    }

    private InsertRows withFormat() {
      int formatKeyword = tokens.start();
      String format = nextWord(sql, tokens);
      if (format == null) {
        throw ClickHouseException.of(
            ClickHouseException.SYNTAX_ERROR,
            "SYNTAX_ERROR",
            "Syntax error: FORMAT without a name");
      }
      return new InsertRows(before(formatKeyword), format, startOfRows(tokens.end()));
    }

    /** As the server: behind blanks and at most one line end. */
    private int startOfRows(int from) {
      int at = from;
      while (at < length && (sql[at] == ' ' || sql[at] == '\t' || sql[at] == '\f')) {
        at++;
      }
      if (at < length && sql[at] == '\r') {
        at++;
      }
      return at < length && sql[at] == '\n' ? at + 1 : at;
    }

    private String before(int offset) {
      return new String(sql, 0, offset, UTF_8).strip();
    }
  }
}
