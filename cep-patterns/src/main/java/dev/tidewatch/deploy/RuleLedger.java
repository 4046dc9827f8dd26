package dev.tidewatch.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidewatch.deploy.RuleBook.Entry;
import dev.tidewatch.events.v1.RulePlacement;
import dev.tidewatch.events.v1.RuleRevision;
import dev.tidewatch.events.v1.RuleVersion;
import dev.tidewatch.events.v1.TenantValueList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts the records of the topic {@code rules} together. A revision is taken when its marker comes
 * and what is there agrees with the marker's hash: whole or not at all. Records may come again, and
 * out of order: of two placements of a rule the one of the higher revision holds, and a marker that
 * is not above the revision in force changes nothing. Not thread-safe.
 */
public final class RuleLedger {
  private final Map<String, NavigableMap<Integer, RuleVersion>> versions = new HashMap<>();
  private final Map<String, NavigableMap<Long, RulePlacement>> pending = new HashMap<>();
  private final Map<String, NavigableMap<Long, TenantValueList>> pendingLists = new HashMap<>();
  private final Set<String> touched = new HashSet<>();
  private RuleBook book = RuleBook.EMPTY;
  private @Nullable Refusal refusal;

  /**
   * A revision that was not taken, or a record that is none.
   *
   * @param revision 0 when a record could not be read
   */
  public record Refusal(long revision, String why) {}

  /** The newest complete revision. */
  public RuleBook book() {
    return book;
  }

  /** The newest problem since the newest complete revision. */
  public Optional<Refusal> refusal() {
    return Optional.ofNullable(refusal);
  }

  /**
   * Takes a record.
   *
   * @return the revision that it completes
   */
  public Optional<RuleBook> accept(byte[] key, byte @Nullable [] value) {
    String name = new String(key, UTF_8);
    try {
      if (name.equals(RuleRecord.REVISION) && value != null) {
        return revision(RuleRevision.parseFrom(value));
      } else if (name.startsWith(RuleRecord.PLACEMENT) && value != null) {
        placement(RulePlacement.parseFrom(value));
      } else if (name.startsWith(RuleRecord.VERSION)) {
        version(name, value);
      } else if (name.startsWith(RuleRecord.VALUE_LIST) && value != null) {
        valueList(name, TenantValueList.parseFrom(value));
      } else {
        refusal = new Refusal(0, "a record with the key '" + name + "' is no rule record");
      }
    } catch (InvalidProtocolBufferException e) {
      refusal = new Refusal(0, "the record '" + name + "' cannot be read: " + e.getMessage());
    }
    return Optional.empty();
  }

  private void version(String name, byte @Nullable [] value) throws InvalidProtocolBufferException {
    if (value == null) {
      int at = name.lastIndexOf('@');
      String id = name.substring(RuleRecord.VERSION.length(), Math.max(at, 2));
      var known = versions.get(id);
      if (known != null && at > 0 && name.substring(at + 1).matches("[0-9]{1,9}")) {
        known.remove(Integer.parseInt(name.substring(at + 1)));
        touched.add(id);
      }
      return;
    }
    RuleVersion version = RuleVersion.parseFrom(value);
    if (!version.getHash().equals(RuleBook.hashOf(version.getSource()))) {
      refusal = new Refusal(0, name + ": the text is not the one that was hashed");
      return;
    }
    versions
        .computeIfAbsent(version.getRuleId(), id -> new TreeMap<>())
        .putIfAbsent(version.getVersion(), version);
    touched.add(version.getRuleId());
  }

  private void placement(RulePlacement placement) {
    Entry running = book.entries().get(placement.getRuleId());
    if (running == null || running.placement().getRevision() < placement.getRevision()) {
      pending
          .computeIfAbsent(placement.getRuleId(), id -> new TreeMap<>())
          .put(placement.getRevision(), placement);
    }
  }

  private void valueList(String name, TenantValueList list) {
    if (!list.getHash().equals(ValueLists.hashOf(list.getEntriesList()))) {
      refusal = new Refusal(0, name + ": the entries are not those that were hashed");
      return;
    }
    TenantValueList known = book.lists().byKey().get(ValueLists.key(list));
    if (known == null || known.getRevision() < list.getRevision()) {
      pendingLists
          .computeIfAbsent(ValueLists.key(list), key -> new TreeMap<>())
          .put(list.getRevision(), list);
    }
  }

  private Optional<RuleBook> revision(RuleRevision marker) {
    if (marker.getRevision() <= book.revision()) {
      return Optional.empty();
    }
    long revision = marker.getRevision();
    RuleBook candidate = new RuleBook(revision, entriesAt(revision), listsAt(revision));
    Optional<String> problem = disagreement(candidate, marker);
    if (problem.isPresent()) {
      refusal = new Refusal(marker.getRevision(), problem.get());
      return Optional.empty();
    }
    book = candidate;
    refusal = null;
    touched.clear();
    forgetTaken(pending);
    forgetTaken(pendingLists);
    return Optional.of(book);
  }

  private <T> void forgetTaken(Map<String, NavigableMap<Long, T>> waiting) {
    waiting.values().forEach(byRevision -> byRevision.headMap(book.revision(), true).clear());
    waiting.values().removeIf(Map::isEmpty);
  }

  private ValueLists listsAt(long revision) {
    NavigableMap<String, TenantValueList> lists = new TreeMap<>(book.lists().byKey());
    pendingLists.forEach(
        (key, waiting) -> {
          var newest = waiting.floorEntry(revision);
          if (newest != null) {
            lists.put(key, newest.getValue());
          }
        });
    return new ValueLists(lists);
  }

  private NavigableMap<String, Entry> entriesAt(long revision) {
    NavigableMap<String, Entry> entries = new TreeMap<>(book.entries());
    for (String id : touched) {
      Entry known = entries.get(id);
      if (known != null) {
        entries.put(id, new Entry(known.placement(), versionsOf(id)));
      }
    }
    pending.forEach(
        (id, placements) -> {
          var newest = placements.floorEntry(revision);
          if (newest != null) {
            entries.put(id, new Entry(newest.getValue(), versionsOf(id)));
          }
        });
    return entries;
  }

  private NavigableMap<Integer, RuleVersion> versionsOf(String id) {
    var known = versions.get(id);
    return known == null ? new TreeMap<>() : new TreeMap<>(known);
  }

  private static Optional<String> disagreement(RuleBook candidate, RuleRevision marker) {
    int placements = candidate.entries().size();
    if (placements != marker.getPlacements()) {
      return Optional.of(
          "%d rules are there, %d belong to it".formatted(placements, marker.getPlacements()));
    }
    if (candidate.lists().size() != marker.getValueLists()) {
      return Optional.of(
          "%d value lists are there, %d belong to it"
              .formatted(candidate.lists().size(), marker.getValueLists()));
    }
    try {
      return candidate.hash().equals(marker.getHash())
          ? Optional.empty()
          : Optional.of("its rules are not those that were hashed");
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
