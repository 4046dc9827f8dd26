package dev.tidewatch.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One step of the schema: SQL statements, each ending in a semicolon at the end of a line, with
 * {@code ${variables}} for what differs between one node and a cluster. Every statement can be
 * repeated ({@code IF NOT EXISTS}): ClickHouse has no transactions over them.
 *
 * @param name e.g. {@code V001__events}; the number orders migrations
 * @param sql as written, before variables
 */
record Migration(String name, String sql) {
  /** All migrations, in order. Once released, a migration never changes; add a new one. */
  private static final List<String> NAMES =
      List.of(
          "V001__events",
          "V002__alerts",
          "V003__dead_letters",
          "V004__alert_triage",
          "V005__alert_search",
          "V006__alert_counts");

  private static final Pattern NAME = Pattern.compile("V(\\d{3})__[a-z0-9_]+");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}");
  private static final Pattern STATEMENT_END = Pattern.compile(";[ \\t]*(?:\\r?\\n|$)");

  Migration {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("a migration is named V001__what, not " + name);
    }
  }

  static List<Migration> all() {
    return NAMES.stream().map(Migration::read).toList();
  }

  private static Migration read(String name) {
    try (InputStream in = Migration.class.getResourceAsStream("migrations/" + name + ".sql")) {
      if (in == null) {
        throw new IllegalStateException("migration " + name + " is not on the class path");
      }
      return new Migration(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int version() {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      throw new IllegalStateException(name);
    }
    return Integer.parseInt(matcher.group(1));
  }

  /** SHA-256 of the text as written, 64 hex digits. */
  String checksum() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(sql.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * @throws IllegalStateException for a variable without a value
   */
  List<String> statements(Map<String, String> variables) {
    String filled =
        VARIABLE
            .matcher(sql)
            .replaceAll(found -> Matcher.quoteReplacement(valueOf(found.group(1), variables)));
    return STATEMENT_END
        .splitAsStream(filled)
        .map(String::strip)
        .filter(statement -> !statement.isEmpty())
        .toList();
  }

  private String valueOf(String variable, Map<String, String> variables) {
    String value = variables.get(variable);
    if (value == null) {
      throw new IllegalStateException(name + " uses an unknown variable: " + variable);
    }
    return value;
  }
}
