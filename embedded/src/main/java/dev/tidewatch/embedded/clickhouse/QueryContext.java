package dev.tidewatch.embedded.clickhouse;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Database and settings of one request on its connection. A connection of its own takes them and is
 * thrown away; a session's connection gets its former ones back.
 */
final class QueryContext implements AutoCloseable {
  private static final Set<String> READING =
      Set.of("SELECT", "WITH", "SHOW", "DESCRIBE", "DESC", "EXPLAIN", "EXISTS", "CHECK");

  /** Of an answer that is not streamed, before formatting; above it code 396. */
  private static final int MAX_HELD_RESULT_BYTES = 48 << 20;

  private final EngineConnection connection;
  private final List<String> undo;

  private QueryContext(EngineConnection connection, List<String> undo) {
    this.connection = connection;
    this.undo = undo;
  }

  /** What a connection of the request's own needs before its statement. */
  static ReadyConnections.Prepared wanted(
      RequestParameters parameters, QueryRequest request, boolean readOnly) {
    if (parameters.get("role") != null) {
      throw ClickHouseException.of(
          ClickHouseException.UNKNOWN_ROLE, "UNKNOWN_ROLE", "This server has no roles");
    }
    if (readOnly) {
      requireReading(request.sql());
    }
    String database = request.database();
    return new ReadyConnections.Prepared(
        database == null ? "" : database, settings(parameters, request), readOnly);
  }

  /** {@code wanted}: read only, the engine, or in a session the front, refuses changes. */
  static QueryContext enter(Sessions.Lease lease, ReadyConnections.Prepared wanted) {
    QueryContext context = new QueryContext(lease.connection(), new ArrayList<>());
    if (lease.prepared()) {
      return context;
    }
    try {
      context.use(wanted.database(), lease.inSession());
      if (lease.inSession()) {
        context.setInSession(wanted.settings());
      } else {
        context.set(wanted);
      }
      return context;
    } catch (RuntimeException e) {
      context.close();
      throw e;
    }
  }

  private static Map<String, String> settings(RequestParameters parameters, QueryRequest request) {
    Map<String, String> settings = new LinkedHashMap<>();
    if (request.reads() && request.streamable(parameters).isEmpty()) {
      // The engine holds the whole text several times over while it grows.
      settings.put("max_result_bytes", Integer.toString(MAX_HELD_RESULT_BYTES));
    }
    settings.putAll(parameters.settings());
    return settings;
  }

  EngineConnection connection() {
    return connection;
  }

  private static void requireReading(byte[] sql) {
    SqlTokens tokens = new SqlTokens(sql, 0, sql.length);
    tokens.advance();
    if (!tokens.is('(') && READING.stream().noneMatch(tokens::is)) {
      throw ClickHouseException.of(
          164,
          "READONLY",
          "Cannot execute query in readonly mode. For queries over HTTP, method GET implies"
              + " readonly. You should use method POST for modifying queries");
    }
  }

  private void use(String database, boolean inSession) {
    if (database.isEmpty()) {
      return;
    }
    if (inSession) {
      String former = connection.queryText("SELECT currentDatabase() FORMAT TSVRaw").strip();
      undo.add("USE " + name(former));
    }
    connection.execute("USE " + name(database));
  }

  /** One statement for all of them; read only last, for it forbids to set more. */
  private void set(ReadyConnections.Prepared wanted) {
    String settings =
        wanted.settings().entrySet().stream()
            .map(QueryContext::assignment)
            .collect(Collectors.joining(", "));
    if (!settings.isEmpty()) {
      connection.execute("SET " + settings);
    }
    if (wanted.readOnly()) {
      connection.execute("SET readonly = 2");
    }
  }

  private void setInSession(Map<String, String> settings) {
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      undo.add(restore(setting.getKey()));
      connection.execute("SET " + assignment(setting));
    }
  }

  private static String assignment(Map.Entry<String, String> setting) {
    return setting.getKey() + " = " + literal(setting.getValue());
  }

  private String restore(String setting) {
    String former =
        connection.queryText(
            "SELECT value FROM system.settings WHERE changed AND name = "
                + literal(setting)
                + " FORMAT TSVRaw");
    return former.isEmpty()
        ? "SET " + setting + " = DEFAULT"
        : "SET " + setting + " = " + literal(former.substring(0, former.length() - 1));
  }

  private static String name(String identifier) {
    return "`" + identifier.replace("\\", "\\\\").replace("`", "\\`") + "`";
  }

  private static String literal(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  @Override
  public void close() {
    for (int i = undo.size() - 1; i >= 0; i--) {
      connection.execute(undo.get(i));
    }
    undo.clear();
  }
}
