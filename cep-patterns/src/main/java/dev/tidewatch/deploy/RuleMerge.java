package dev.tidewatch.deploy;

import dev.tidewatch.deploy.Deployment.Plan;
import dev.tidewatch.deploy.RuleBook.Entry;
import dev.tidewatch.events.v1.PlacedVersion;
import dev.tidewatch.events.v1.RuleOrigin;
import dev.tidewatch.events.v1.RulePlacement;
import dev.tidewatch.events.v1.RuleRevision;
import dev.tidewatch.events.v1.RuleStage;
import dev.tidewatch.events.v1.RuleVersion;
import dev.tidewatch.events.v1.TenantValueList;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Brings two books together that went apart: the one that is recorded, of which the topic may lack
 * the newest revisions, and the topic, which others may have written meanwhile (a directory that a
 * job was started with), or which was lost and begun anew.
 *
 * <p>Rules that were changed in revisions that the topic lacks stand as they were recorded. Of the
 * others the topic decides, if it grew out of what was published; if it did not, what was recorded
 * decides, but for directories, which are as the topic has them. A number of a version that means
 * two texts is the topic's where the topic grew; where it was lost, nobody's: the text that is to
 * run gets a new one, for alerts of the old number can be of either.
 */
public final class RuleMerge {
  private final RuleBook recorded;
  private final long published;
  private final RuleBook topic;
  private final boolean lost;
  private final long revision;

  private RuleMerge(RuleBook recorded, long published, RuleBook topic) {
    this.recorded = recorded;
    this.published = published;
    this.topic = topic;
    this.lost = !topicGrew();
    this.revision = Math.max(recorded.revision(), topic.revision()) + 1;
  }

  /**
   * Plans what the topic lacks. What neither side had broken and both together break, such as a
   * correlation made by hand and a directory without the rule that it refers to, is a draft
   * afterwards: a job would refuse the whole revision for it.
   *
   * @param published the newest revision of {@code recorded} that the topic has had
   * @param broken ids of rules of a book that are to run and do not compile
   * @return empty when the topic has all; {@code after} is then the topic's book
   */
  public static Plan plan(
      RuleBook recorded,
      long published,
      RuleBook topic,
      String author,
      long nowMicros,
      Function<RuleBook, Set<String>> broken) {
    return new RuleMerge(recorded, published, topic).plan(author, nowMicros, broken);
  }

  private boolean topicGrew() {
    return topic.revision() >= published
        && recorded.entries().values().stream()
            .filter(mine -> !isPending(mine))
            .allMatch(this::isKnownToTopic);
  }

  private boolean isKnownToTopic(Entry mine) {
    Entry theirs = topic.entries().get(mine.placement().getRuleId());
    return theirs != null
        && theirs.placement().getRevision() >= mine.placement().getRevision()
        && mine.versions().values().stream().noneMatch(version -> conflicts(version, theirs));
  }

  private static boolean conflicts(RuleVersion version, Entry other) {
    RuleVersion same = other.versions().get(version.getVersion());
    return same != null && !same.getHash().equals(version.getHash());
  }

  private boolean isPending(Entry mine) {
    return mine.placement().getRevision() > published;
  }

  private Plan plan(String author, long nowMicros, Function<RuleBook, Set<String>> broken) {
    NavigableMap<String, Entry> entries = new TreeMap<>(topic.entries());
    recorded
        .entries()
        .forEach((id, mine) -> merged(mine, entries.get(id)).ifPresent(e -> entries.put(id, e)));
    List<RuleRecord> records = new ArrayList<>();
    ValueLists lists = lists(records);
    if (!records.isEmpty() || !entries.equals(topic.entries())) {
      takeOut(entries, lists, broken);
    }
    Set<String> changed = new TreeSet<>();
    entries.forEach((id, entry) -> differences(id, entry, records, changed));
    RuleBook after = new RuleBook(revision, entries, lists);
    if (records.isEmpty()) {
      return new Plan(List.of(), topic, Set.of());
    }
    records.add(
        RuleRecord.of(
            RuleRevision.newBuilder()
                .setRevision(revision)
                .setPlacements(entries.size())
                .setValueLists(after.lists().size())
                .setHash(after.hash())
                .setAuthor(author)
                .setTimeUs(nowMicros)
                .build()));
    return new Plan(records, after, changed);
  }

  /** Each rule that is taken out may break those that refer to it. */
  private void takeOut(
      NavigableMap<String, Entry> entries,
      ValueLists lists,
      Function<RuleBook, Set<String>> broken) {
    Set<String> known = broken.apply(topic);
    while (true) {
      Set<String> found = new TreeSet<>(broken.apply(new RuleBook(revision, entries, lists)));
      found.removeAll(known);
      found.removeIf(id -> Objects.requireNonNull(entries.get(id)).running().findAny().isEmpty());
      if (found.isEmpty()) {
        return;
      }
      found.forEach(id -> entries.computeIfPresent(id, (key, entry) -> drafted(entry)));
    }
  }

  private Entry drafted(Entry entry) {
    PlacedVersion last =
        entry.main().or(() -> entry.running().findFirst()).orElseThrow().toBuilder()
            .setStage(RuleStage.RULE_STAGE_DRAFT)
            .build();
    RulePlacement placement =
        entry.placement().toBuilder().clearVersions().addVersions(last).build();
    return new Entry(stamped(placement), entry.versions());
  }

  /** Empty: as the topic has it. */
  private Optional<Entry> merged(Entry mine, @org.jspecify.annotations.Nullable Entry theirs) {
    if (theirs == null) {
      return Optional.of(new Entry(stamped(mine.placement()), mine.versions()));
    }
    boolean directory =
        mine.placement().getOrigin() == RuleOrigin.RULE_ORIGIN_DIRECTORY
            && theirs.placement().getOrigin() == RuleOrigin.RULE_ORIGIN_DIRECTORY;
    if (isPending(mine)) {
      return Optional.of(merged(mine, theirs, mine));
    }
    return lost ? Optional.of(merged(mine, theirs, directory ? theirs : mine)) : Optional.empty();
  }

  /**
   * @param winner of the two, whose placement it becomes
   */
  private Entry merged(Entry mine, Entry theirs, Entry winner) {
    NavigableMap<Integer, RuleVersion> versions = new TreeMap<>(mine.versions());
    versions.putAll(theirs.versions());
    if (lost) {
      mine.versions().values().stream()
          .filter(version -> conflicts(version, theirs))
          .forEach(version -> versions.remove(version.getVersion()));
    }
    int highest = Math.max(highest(mine), highest(theirs));
    List<PlacedVersion> placed = new ArrayList<>();
    for (PlacedVersion old : winner.placement().getVersionsList()) {
      int number = number(winner.version(old.getVersion()), versions, highest);
      placed.add(old.toBuilder().setVersion(number).build());
    }
    RulePlacement wanted =
        winner.placement().toBuilder().clearVersions().addAllVersions(placed).build();
    boolean same =
        wanted.getVersionsList().equals(theirs.placement().getVersionsList())
            && wanted.getOrigin() == theirs.placement().getOrigin();
    return new Entry(same && !lost ? theirs.placement() : stamped(wanted), versions);
  }

  private static int highest(Entry entry) {
    return entry.versions().isEmpty() ? 0 : entry.versions().lastKey();
  }

  /** The number of the version's text among {@code versions}; a new one where it has none. */
  private static int number(
      RuleVersion version, NavigableMap<Integer, RuleVersion> versions, int highest) {
    RuleVersion same = versions.get(version.getVersion());
    if (same != null && same.getHash().equals(version.getHash())) {
      return version.getVersion();
    }
    for (RuleVersion known : versions.values()) {
      if (known.getHash().equals(version.getHash())) {
        return known.getVersion();
      }
    }
    int last = versions.isEmpty() ? 0 : versions.lastKey();
    int number = Math.max(highest, last) + 1;
    versions.put(number, version.toBuilder().setVersion(number).build());
    return number;
  }

  /** Value lists come from the control database alone. */
  private ValueLists lists(List<RuleRecord> records) {
    NavigableMap<String, TenantValueList> lists = new TreeMap<>(topic.lists().byKey());
    recorded
        .lists()
        .byKey()
        .forEach(
            (key, mine) -> {
              if (lost || mine.getRevision() > published || !lists.containsKey(key)) {
                TenantValueList list = mine.toBuilder().setRevision(revision).build();
                lists.put(key, list);
                records.add(RuleRecord.of(list));
              }
            });
    return new ValueLists(lists);
  }

  private RulePlacement stamped(RulePlacement placement) {
    return placement.toBuilder().setRevision(revision).build();
  }

  private void differences(String id, Entry entry, List<RuleRecord> records, Set<String> changed) {
    Entry before = topic.entries().get(id);
    Map<Integer, RuleVersion> had = before == null ? Map.of() : before.versions();
    Set<Integer> gone = new HashSet<>(had.keySet());
    for (RuleVersion version : entry.versions().values()) {
      gone.remove(version.getVersion());
      if (!version.equals(had.get(version.getVersion()))) {
        records.add(RuleRecord.of(version));
      }
    }
    gone.forEach(n -> records.add(RuleRecord.without(Objects.requireNonNull(had.get(n)))));
    if (before == null || !before.placement().equals(entry.placement())) {
      records.add(RuleRecord.of(entry.placement()));
      changed.add(id);
    }
  }
}
