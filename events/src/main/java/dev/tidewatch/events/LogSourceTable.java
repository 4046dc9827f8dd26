package dev.tidewatch.events;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code log-sources.table}, indexed by family, key and id: recognising an event costs a few hash
 * lookups however long the table is.
 */
final class LogSourceTable {
  private static final String ANY = "*";
  private final Map<String, Family> families = new HashMap<>();

  /** One row: what an event is. */
  record Entry(
      List<Condition> when,
      LogSource source,
      boolean serviceIsKey,
      int classUid,
      int activityId,
      String status,
      List<String> aliases) {

    private static Entry of(Table.Row row) {
      String service = row.get("service");
      boolean serviceIsKey = service.equals("$key");
      return new Entry(
          Condition.all(row.get("when")),
          new LogSource(row.get("product"), row.get("category"), serviceIsKey ? "" : service),
          serviceIsKey,
          number(row, "class"),
          number(row, "activity"),
          row.get("status"),
          row.list("aliases"));
    }

    private static int number(Table.Row row, String column) {
      try {
        return Integer.parseInt(row.get(column));
      } catch (NumberFormatException e) {
        throw row.fault(column + " is no number: " + row.get(column));
      }
    }

    private boolean holds(Predicate<Condition> test) {
      for (Condition condition : when) {
        if (!test.test(condition)) {
          return false;
        }
      }
      return true;
    }
  }

  /** The rows that hold for one event, the primary one first; never empty. */
  record Found(Entry primary, List<LogSource> sources) {}

  private static final class Prefixed<T> {
    final List<String> prefixes = new ArrayList<>();
    final List<T> values = new ArrayList<>();

    @Nullable T longest(String text) {
      int best = -1;
      for (int i = 0; i < prefixes.size(); i++) {
        if (text.startsWith(prefixes.get(i))
            && (best < 0 || prefixes.get(i).length() > prefixes.get(best).length())) {
          best = i;
        }
      }
      return best < 0 ? null : values.get(best);
    }

    T at(String prefix, Supplier<T> make) {
      int index = prefixes.indexOf(prefix);
      if (index < 0) {
        prefixes.add(prefix);
        values.add(make.get());
        index = values.size() - 1;
      }
      return values.get(index);
    }
  }

  /** Rows of one key, by id. */
  private static final class ById {
    final Map<String, List<Entry>> exact = new HashMap<>();
    final Prefixed<List<Entry>> prefixed = new Prefixed<>();
    final List<Entry> any = new ArrayList<>();

    void addTo(Set<LogSource> all) {
      exact.values().forEach(rows -> rows.forEach(row -> all.add(row.source())));
      prefixed.values.forEach(rows -> rows.forEach(row -> all.add(row.source())));
      any.forEach(row -> all.add(row.source()));
    }

    void add(String id, Entry entry) {
      if (id.equals(ANY)) {
        any.add(entry);
      } else if (id.endsWith(ANY)) {
        prefixed.at(id.substring(0, id.length() - 1), ArrayList::new).add(entry);
      } else {
        exact.computeIfAbsent(id, key -> new ArrayList<>()).add(entry);
      }
    }
  }

  /** Rows of one family, by key. */
  private static final class Family {
    final Map<String, ById> exact = new HashMap<>();
    final Prefixed<ById> prefixed = new Prefixed<>();
    final ById any = new ById();

    ById at(String key) {
      if (key.equals(ANY)) {
        return any;
      }
      if (key.endsWith(ANY)) {
        return prefixed.at(key.substring(0, key.length() - 1), ById::new);
      }
      return exact.computeIfAbsent(key, text -> new ById());
    }
  }

  /**
   * @param sets alias sets; each that a row names must exist
   */
  LogSourceTable(List<Table.Row> rows, List<Table.Row> providers, FieldAliases sets) {
    for (Table.Row row : rows) {
      Family family = families.computeIfAbsent(row.get("family"), name -> new Family());
      Entry entry = Entry.of(row);
      sets.of(entry.aliases());
      for (String key : alternatives(row.get("key"))) {
        for (String id : alternatives(row.get("id"))) {
          family.at(key).add(id, entry);
        }
      }
    }
    Family windows = families.computeIfAbsent("windows", name -> new Family());
    for (Table.Row row : providers) {
      ById channel = windows.exact.get(row.get("channel").toLowerCase(Locale.ROOT));
      if (channel == null) {
        throw row.fault("log-sources.table has no channel " + row.get("channel"));
      }
      windows.exact.put(row.get("provider").toLowerCase(Locale.ROOT), channel);
    }
  }

  private static String[] alternatives(String cell) {
    return cell.toLowerCase(Locale.ROOT).split("\\|");
  }

  /** Whether a row of the family always holds, so that {@link #find} never fails for it. */
  boolean hasFallback(String family) {
    Family rows = families.get(family);
    return rows != null && rows.any.any.stream().anyMatch(row -> row.when().isEmpty());
  }

  /** Every log source of the table; one whose service is the key has no service here. */
  Set<LogSource> sources() {
    Set<LogSource> all = new LinkedHashSet<>();
    for (Family family : families.values()) {
      family.exact.values().forEach(rows -> rows.addTo(all));
      family.prefixed.values.forEach(rows -> rows.addTo(all));
      family.any.addTo(all);
    }
    return all;
  }

  /**
   * The most specific rows whose conditions hold, or null when there are none.
   *
   * @param key the discriminating value as the event has it
   */
  @Nullable Found find(String family, String key, String id, Predicate<Condition> test) {
    Family rows = families.get(family);
    if (rows == null) {
      return null;
    }
    String keyLower = key.toLowerCase(Locale.ROOT);
    String idLower = id.toLowerCase(Locale.ROOT);
    Found found = find(rows.exact.get(keyLower), idLower, keyLower, test);
    if (found == null) {
      found = find(rows.prefixed.longest(keyLower), idLower, keyLower, test);
    }
    return found == null ? find(rows.any, idLower, keyLower, test) : found;
  }

  private static @Nullable Found find(
      @Nullable ById rows, String id, String key, Predicate<Condition> test) {
    if (rows == null) {
      return null;
    }
    Found found = holding(rows.exact.get(id), key, test);
    if (found == null) {
      found = holding(rows.prefixed.longest(id), key, test);
    }
    return found == null ? holding(rows.any, key, test) : found;
  }

  private static @Nullable Found holding(
      @Nullable List<Entry> rows, String key, Predicate<Condition> test) {
    if (rows == null) {
      return null;
    }
    Entry primary = null;
    LogSource first = LogSource.UNKNOWN;
    Set<LogSource> more = null;
    for (Entry row : rows) {
      if (!row.holds(test)) {
        continue;
      }
      LogSource source = source(row, key);
      if (primary == null) {
        primary = row;
        first = source;
      } else {
        more = more == null ? new LinkedHashSet<>(Set.of(first)) : more;
        more.add(source);
      }
    }
    if (primary == null) {
      return null;
    }
    return new Found(primary, more == null ? List.of(first) : List.copyOf(more));
  }

  private static LogSource source(Entry row, String key) {
    return row.serviceIsKey()
        ? new LogSource(row.source().product(), row.source().category(), key)
        : row.source();
  }
}
