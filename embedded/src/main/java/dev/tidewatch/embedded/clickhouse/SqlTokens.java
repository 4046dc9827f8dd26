package dev.tidewatch.embedded.clickhouse;

/**
 * Walks the tokens of a ClickHouse statement, far enough to tell words from the insides of strings,
 * quoted names, heredocs, comments and parentheses. Works on bytes, so offsets hold for the data
 * that follows an INSERT.
 */
final class SqlTokens {
  private final byte[] sql;
  private final int end;
  private int start;
  private int next;
  private int depth;
  private boolean word;

  SqlTokens(byte[] sql, int from, int end) {
    this.sql = sql;
    this.next = from;
    this.end = end;
  }

  /** Moves to the next token; false at the end. Unclosed strings and comments run to the end. */
  boolean advance() {
    skipBlanksAndComments();
    if (next >= end) {
      return false;
    }
    start = next;
    byte first = sql[start];
    word = isWord(first) || isQuote(first);
    if (isQuote(first)) {
      next = endOfQuoted(start);
    } else if (isWord(first)) {
      next = endOfWord(start);
    } else if (first == '$') {
      next = endOfHeredoc(start);
    } else {
      next = start + 1;
      depth += first == '(' || first == '[' ? 1 : first == ')' || first == ']' ? -1 : 0;
    }
    return true;
  }

  /** Offset of the current token. */
  int start() {
    return start;
  }

  /** Offset behind the current token. */
  int end() {
    return next;
  }

  boolean atTopLevel() {
    return depth == 0;
  }

  /** A bare word or a quoted name or string. */
  boolean isWord() {
    return word;
  }

  /** True for the bare word, in any case; {@code keyword} is upper case ASCII. */
  boolean is(String keyword) {
    if (next - start != keyword.length()) {
      return false;
    }
    for (int i = 0; i < keyword.length(); i++) {
      byte letter = sql[start + i];
      int upper = letter >= 'a' && letter <= 'z' ? letter - 32 : letter;
      if (upper != keyword.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  boolean is(char symbol) {
    return next - start == 1 && sql[start] == symbol;
  }

  private void skipBlanksAndComments() {
    while (next < end) {
      if (sql[next] >= 0 && sql[next] <= ' ') {
        next++;
      } else if (startsWith("--") || startsWith("#!") || startsWith("# ")) {
        next = endOfLine(next);
      } else if (startsWith("/*")) {
        next = endOfComment(next);
      } else {
        return;
      }
    }
  }

  private boolean startsWith(String two) {
    return next + 1 < end && sql[next] == two.charAt(0) && sql[next + 1] == two.charAt(1);
  }

  private int endOfLine(int from) {
    int at = from;
    while (at < end && sql[at] != '\n') {
      at++;
    }
    return at;
  }

  private int endOfComment(int from) {
    for (int at = from + 2; at + 1 < end; at++) {
      if (sql[at] == '*' && sql[at + 1] == '/') {
        return at + 2;
      }
    }
    return end;
  }

  /** Backslash escapes; a doubled quote reads as two adjacent strings, which ends the same. */
  private int endOfQuoted(int from) {
    for (int at = from + 1; at < end; at++) {
      if (sql[at] == '\\') {
        at++;
      } else if (sql[at] == sql[from]) {
        return at + 1;
      }
    }
    return end;
  }

  private int endOfWord(int from) {
    int at = from;
    while (at < end && (isWord(sql[at]) || sql[at] == '$')) {
      at++;
    }
    return at;
  }

  /** {@code $tag$ … $tag$}; a lone {@code $} is a symbol. */
  private int endOfHeredoc(int from) {
    int tagEnd = from + 1;
    while (tagEnd < end && isWord(sql[tagEnd])) {
      tagEnd++;
    }
    if (tagEnd >= end || sql[tagEnd] != '$') {
      return from + 1;
    }
    int tag = tagEnd + 1 - from;
    for (int at = tagEnd + 1; at + tag <= end; at++) {
      if (java.util.Arrays.equals(sql, at, at + tag, sql, from, from + tag)) {
        return at + tag;
      }
    }
    return end;
  }

  private static boolean isQuote(byte letter) {
    return letter == '\'' || letter == '"' || letter == '`';
  }

  private static boolean isWord(byte letter) {
    return letter == '_'
        || (letter >= '0' && letter <= '9')
        || (letter >= 'a' && letter <= 'z')
        || (letter >= 'A' && letter <= 'Z');
  }
}
