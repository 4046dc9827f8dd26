package dev.tidewatch.store;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Counts days of alerts that are settled, one at a time, into {@code alert_counts}, and takes away
 * the counts of days that have changed since. A reading of a day is written under a number of its
 * own and is complete when it holds as many alerts as the part that was read; only then {@code
 * alert_counted} names it. So one that breaks off, or comes twice, is never counted with. One
 * thread at a time; several servers do no harm.
 */
public final class DayCounter {
  /** A day that changed not longer ago may well change again. */
  public static final Duration QUIET = Duration.ofMinutes(5);

  private static final String ONE_READING =
      """
      INSERT INTO alert_counts (tenant_id, kind, name, began, part, count_id, shadow, time, title,
        level, alerts, firsts, first_time, last_time)
      WITH (SELECT rand64()) AS reading
      %s
      SETTINGS max_threads = 1
      """;

  /** What to call it, the time it is counted by, its title, and which alerts it is the first of. */
  private static final String BY =
      """
      SELECT tenant_id, '%s' AS kind, %s AS name, {began:String}, {part:String}, reading,
        stage = 'shadow' AS in_shadow, %s AS at, %s AS named, max(level), count() AS alerts, %s AS firsts,
        min(time), max(time)
      FROM alerts WHERE _part = {name:String} AND _partition_id = {began:String}
      GROUP BY tenant_id, name, in_shadow, at
      """;

  private static final List<String> KINDS =
      List.of(
          by("level", "toString(level)", "toStartOfHour(time)", "''", "count()"),
          by("rule", "rule_id", "toStartOfDay(time)", "argMax(title, time)", "count()"),
          by("host", "host", "toStartOfDay(time)", "''", "count()"),
          by("user", "user", "toStartOfDay(time)", "''", "count()"),
          by(
              "technique",
              "arrayJoin(if(empty(technique_ids), [''], arrayDistinct(technique_ids)))",
              "toStartOfDay(time)",
              "''",
              "countIf(name = if(empty(technique_ids), '', technique_ids[1]))"));

  private static final String COMPLETE =
      """
      INSERT INTO alert_counted (tenant_id, began, part, count_id, alerts)
      SELECT tenant_id, {began:String}, {part:String}, count_id, sumIf(firsts, kind = 'level')
      FROM alert_counts
      WHERE began = {began:String} AND part = {part:String} AND count_id IN (
        SELECT count_id FROM (
          SELECT count_id, kind, sum(firsts) AS counted FROM alert_counts
          WHERE began = {began:String} AND part = {part:String} GROUP BY count_id, kind)
        GROUP BY count_id HAVING count() = %d AND min(counted) = {rows:UInt64} AND max(counted) = {rows:UInt64}
        ORDER BY count_id LIMIT 1)
      GROUP BY tenant_id, count_id
      """
          .formatted(KINDS.size());

  private static final String UNCOUNTED =
      """
      SELECT partition_id, any(name), any(hash_of_all_files) AS hash, toInt64(any(rows)) FROM system.parts
      WHERE database = currentDatabase() AND table = 'alerts' AND active
      GROUP BY partition_id
      HAVING count() = 1 AND max(level) > 0 AND max(modification_time) <= now() - {quiet:UInt32}
        AND (partition_id, hash) NOT IN (SELECT began, part FROM alert_counted)
      ORDER BY partition_id DESC
      """;

  /** Of another part than the day is now, or neither named nor young. */
  private static final String STALE =
      """
      SELECT toString(count_id) FROM alert_counts
      WHERE (began, part) NOT IN (%s)
        OR (counted_time < now() - 3600
          AND count_id NOT IN (SELECT min(count_id) FROM alert_counted GROUP BY began, part))
      GROUP BY count_id LIMIT 1000
      """
          .formatted(CountedDays.SETTLED_PARTS);

  /** The only part of a day. */
  private record Part(String partition, String name, String hash, long rows) {
    static Part read(RowBinaryReader in) throws IOException {
      return new Part(in.string(), in.string(), in.string(), in.int64());
    }
  }

  private final Server server;
  private final Duration quiet;
  private final Set<String> tried = new HashSet<>();
  private Set<String> staleBefore = Set.of();

  DayCounter(Server server, Duration quiet) {
    this.server = server;
    this.quiet = quiet;
  }

  private static String by(String kind, String name, String at, String title, String firsts) {
    return BY.formatted(kind, name, at, title, firsts);
  }

  /**
   * Counts the newest day that is settled and not counted.
   *
   * @return whether there was one; on a cluster never, where replicas merge in their own time
   * @throws StoreUnavailableException try later
   * @throws StoreRejectedException the day cannot be counted and is not tried again
   */
  public boolean countOne() {
    if (!server.options().cluster().isEmpty()) {
      return false;
    }
    QueryParameters age = new QueryParameters().number("quiet", quiet.toSeconds());
    List<Part> parts = server.query("list uncounted days", UNCOUNTED, age, Part::read);
    for (Part part : parts) {
      if (tried.add(part.hash)) {
        count(part);
        return true;
      }
    }
    return false;
  }

  private void count(Part part) {
    try {
      run("count a day", ONE_READING.formatted(String.join("UNION ALL\n", KINDS)), of(part));
      run(
          "name the counts of a day",
          COMPLETE,
          new QueryParameters()
              .string("began", part.partition)
              .string("part", part.hash)
              .number("rows", part.rows));
    } catch (StoreUnavailableException later) {
      tried.remove(part.hash);
      throw later;
    }
  }

  private static QueryParameters of(Part part) {
    return new QueryParameters()
        .string("began", part.partition)
        .string("part", part.hash)
        .string("name", part.name);
  }

  /**
   * Takes away counts that were of no use already when this was called last: who had just begun to
   * read with them has ended.
   */
  public void sweep() {
    List<String> stale =
        server.query("list old counts", STALE, new QueryParameters(), RowBinaryReader::string);
    List<String> going = new ArrayList<>(stale);
    going.retainAll(staleBefore);
    staleBefore = new HashSet<>(stale);
    if (!going.isEmpty()) {
      // Digits only, as the server wrote them.
      String ids =
          going.stream()
              .map(Long::parseUnsignedLong)
              .map(Long::toUnsignedString)
              .collect(Collectors.joining(", "));
      for (String table : List.of("alert_counted", "alert_counts")) {
        run(
            "delete old counts",
            "ALTER TABLE " + table + " DELETE WHERE count_id IN (" + ids + ")",
            new QueryParameters());
      }
    }
  }

  private void run(String doing, String sql, QueryParameters parameters) {
    server.execute(doing, sql, parameters, server.endpoint().database());
  }
}
