package dev.tidewatch.deploy;

import static dev.tidewatch.events.v1.RuleOrigin.RULE_ORIGIN_DIRECTORY;
import static dev.tidewatch.events.v1.RuleOrigin.RULE_ORIGIN_HAND;
import static dev.tidewatch.events.v1.RuleStage.RULE_STAGE_DRAFT;
import static dev.tidewatch.events.v1.RuleStage.RULE_STAGE_LIVE;
import static dev.tidewatch.events.v1.RuleStage.RULE_STAGE_RETIRED;

import dev.tidewatch.deploy.RuleBook.Entry;
import dev.tidewatch.events.v1.PlacedVersion;
import dev.tidewatch.events.v1.RuleOrigin;
import dev.tidewatch.events.v1.RulePlacement;
import dev.tidewatch.events.v1.RuleRevision;
import dev.tidewatch.events.v1.RuleStage;
import dev.tidewatch.events.v1.RuleVersion;
import dev.tidewatch.events.v1.TenantValueList;
import dev.tidewatch.sigma.RuleDocument;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/** Plans the next revision of a {@link RuleBook}. Writes nothing. For one use. */
public final class Deployment {
  /** Versions kept of each rule beside those that run; older ones cannot be rolled back to. */
  static final int VERSIONS_KEPT = 20;

  private final RuleBook before;
  private final String author;
  private final long nowMicros;
  private final NavigableMap<String, Entry> entries;
  private final List<RuleRecord> records = new ArrayList<>();
  private final Map<String, RulePlacement> changed = new LinkedHashMap<>();
  private final NavigableMap<String, TenantValueList> lists;

  /**
   * @param author who deploys, for the record
   */
  public Deployment(RuleBook before, String author, Clock clock) {
    this.before = before;
    this.author = author;
    this.nowMicros = ChronoUnit.MICROS.between(java.time.Instant.EPOCH, clock.instant());
    this.entries = new TreeMap<>(before.entries());
    this.lists = new TreeMap<>(before.lists().byKey());
  }

  /**
   * A planned revision.
   *
   * @param records to be written in one transaction, the marker last; empty when nothing changes
   * @param after the book with them
   * @param changed ids of rules whose placement changes
   */
  public record Plan(List<RuleRecord> records, RuleBook after, Set<String> changed) {
    public Plan {
      records = List.copyOf(records);
      changed = Set.copyOf(changed);
    }

    public boolean isEmpty() {
      return records.isEmpty();
    }
  }

  /**
   * Places a document. The text decides the version: one that the rule has had gets its number
   * back, another the next one.
   *
   * @param stage draft, shadow or live
   * @param tenants empty: all. A version that is live for some tenants runs there instead of the
   *     one for all; one in shadow runs beside it.
   * @return the version
   * @throws RefusedDeploymentException when the version runs in the other stage for others: a
   *     version has one stage
   */
  public int deploy(RuleDocument document, RuleStage stage, Collection<String> tenants) {
    return deploy(document, stage, tenants, version -> true);
  }

  /**
   * The same for someone who does not see every version: a text that only others have is a new
   * version, with an author and a file of its own.
   *
   * @param seen numbers of the rule's versions that may be given back
   */
  public int deploy(
      RuleDocument document, RuleStage stage, Collection<String> tenants, IntPredicate seen) {
    int version = version(document, seen);
    run(document.id(), version, stage, tenants);
    return version;
  }

  /**
   * Places a version that there is.
   *
   * @param stage draft, shadow or live
   * @param tenants as in {@link #deploy}
   * @throws RefusedDeploymentException as in {@link #deploy}, and when there is no such version
   */
  public void stage(String ruleId, int version, RuleStage stage, Collection<String> tenants) {
    Entry entry = require(ruleId);
    if (!entry.versions().containsKey(version)) {
      throw new RefusedDeploymentException(
          "rule %s has no version %d; there are %s"
              .formatted(ruleId, version, entry.versions().keySet()));
    }
    run(ruleId, version, stage, tenants);
  }

  /**
   * The newest version of a rule, whether or not it runs.
   *
   * @throws RefusedDeploymentException when there is no such rule
   */
  public int newestVersion(String ruleId) {
    return require(ruleId).versions().lastKey();
  }

  private void run(String ruleId, int version, RuleStage stage, Collection<String> tenants) {
    Set<String> whose = new TreeSet<>(tenants);
    Optional<PlacedVersion> now = tenants.isEmpty() ? Optional.empty() : running(ruleId, version);
    if (now.isPresent()) {
      if (now.get().getTenantsCount() == 0 && now.get().getStage() == RULE_STAGE_LIVE) {
        return;
      }
      boolean others = !whose.containsAll(now.get().getTenantsList());
      if (now.get().getTenantsCount() == 0 || others) {
        requireSameStage(ruleId, now.get(), stage);
      }
      if (now.get().getTenantsCount() == 0) {
        return;
      }
      whose.addAll(now.get().getTenantsList());
    }
    PlacedVersion placed =
        PlacedVersion.newBuilder().setVersion(version).setStage(stage).addAllTenants(whose).build();
    List<PlacedVersion> placement = new ArrayList<>(beside(entries.get(ruleId), placed));
    placement.add(placed);
    place(ruleId, placement, RULE_ORIGIN_HAND);
  }

  private Optional<PlacedVersion> running(String ruleId, int version) {
    return Objects.requireNonNull(entries.get(ruleId))
        .running()
        .filter(placed -> placed.getVersion() == version)
        .findFirst();
  }

  private static void requireSameStage(String ruleId, PlacedVersion now, RuleStage stage) {
    if (now.getStage() != stage) {
      throw new RefusedDeploymentException(
          "version %d of %s runs for other tenants in another stage; change it for all of them"
              .formatted(now.getVersion(), ruleId));
    }
  }

  /** What stays of a rule's placement when {@code placed} comes. */
  private static List<PlacedVersion> beside(
      @org.jspecify.annotations.Nullable Entry entry, PlacedVersion placed) {
    if (entry == null) {
      return List.of();
    }
    return entry.placement().getVersionsList().stream()
        .map(v -> RuleBook.runs(v) ? runningBeside(v, placed) : keptBeside(v, placed))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<PlacedVersion> runningBeside(PlacedVersion other, PlacedVersion placed) {
    boolean same = other.getVersion() == placed.getVersion();
    if (placed.getStage() == RULE_STAGE_DRAFT) {
      return same ? Optional.empty() : Optional.of(other);
    }
    if (placed.getTenantsCount() > 0) {
      return without(other, placed);
    }
    boolean stays =
        placed.getStage() != RULE_STAGE_LIVE && other.getStage() == RULE_STAGE_LIVE && !same;
    return stays ? Optional.of(other) : Optional.empty();
  }

  /** What does not run is its tenants' own: one's draft takes no other's place. */
  private static Optional<PlacedVersion> keptBeside(PlacedVersion other, PlacedVersion placed) {
    boolean same = other.getVersion() == placed.getVersion();
    boolean draft = other.getStage() == RULE_STAGE_DRAFT;
    boolean stays;
    if (placed.getTenantsCount() == 0) {
      stays = other.getTenantsCount() > 0 && !same && (draft || !RuleBook.runs(placed));
    } else if (other.getTenantsCount() > 0) {
      return less(other, placed.getTenantsList());
    } else {
      stays = !draft || !same;
    }
    return stays ? Optional.of(other) : Optional.empty();
  }

  /** A placement for fewer tenants; empty when it is for none any more. */
  private static Optional<PlacedVersion> less(PlacedVersion other, Collection<String> tenants) {
    List<String> left = other.getTenantsList().stream().filter(t -> !tenants.contains(t)).toList();
    return left.isEmpty()
        ? Optional.empty()
        : Optional.of(other.toBuilder().clearTenants().addAllTenants(left).build());
  }

  /** A canary takes its tenants from other canaries of its stage, and from its own version. */
  private static Optional<PlacedVersion> without(PlacedVersion other, PlacedVersion placed) {
    boolean same = other.getVersion() == placed.getVersion();
    if (other.getTenantsCount() == 0 || (other.getStage() != placed.getStage() && !same)) {
      return Optional.of(other);
    }
    return less(other, placed.getTenantsList());
  }

  /**
   * Runs an older version where the newer one ran: in its stage, for its tenants. Only what ran for
   * all tenants is rolled back for all.
   *
   * @param to empty: the newest version below the one that runs
   * @param tenants whose version alone is rolled back, and becomes theirs alone; empty: the rule's
   * @return the version
   * @throws RefusedDeploymentException when there is no such rule or version
   */
  public int rollback(String ruleId, OptionalInt to, Collection<String> tenants) {
    Entry entry = require(ruleId);
    PlacedVersion now =
        tenants.isEmpty()
            ? entry
                .main()
                .or(() -> entry.running().findFirst())
                .or(() -> entry.placement().getVersionsList().stream().findFirst())
                .orElseThrow(
                    () -> new RefusedDeploymentException("rule " + ruleId + " is not placed"))
            : ownOf(entry, tenants);
    Integer target =
        to.isPresent()
            ? Integer.valueOf(to.getAsInt())
            : entry.versions().lowerKey(now.getVersion());
    if (target == null || !entry.versions().containsKey(target)) {
      throw new RefusedDeploymentException(
          tenants.isEmpty()
              ? "rule %s has no version %s; there are %s"
                  .formatted(
                      ruleId,
                      target == null ? "before " + now.getVersion() : target,
                      entry.versions().keySet())
              : "rule %s has no older version to go back to".formatted(ruleId));
    }
    RuleStage stage = RuleBook.runs(now) ? now.getStage() : RULE_STAGE_LIVE;
    if (!tenants.isEmpty()) {
      run(ruleId, target, stage, tenants);
      return target;
    }
    List<PlacedVersion> placed =
        new ArrayList<>(drafts(entry, new TreeSet<>(List.of(now.getVersion(), target))));
    placed.add(now.toBuilder().setVersion(target).setStage(stage).build());
    place(ruleId, placed, RULE_ORIGIN_HAND);
    return target;
  }

  /** The same for the rule as it runs for all. */
  public int rollback(String ruleId, OptionalInt to) {
    return rollback(ruleId, to, Set.of());
  }

  /** Of the placements that name some of the tenants the one that runs, else the first. */
  private static PlacedVersion ownOf(Entry entry, Collection<String> tenants) {
    List<PlacedVersion> own =
        entry.placement().getVersionsList().stream()
            .filter(placed -> placed.getTenantsList().stream().anyMatch(tenants::contains))
            .toList();
    return own.stream()
        .filter(RuleBook::runs)
        .findFirst()
        .or(() -> own.stream().findFirst())
        .orElseThrow(
            () ->
                new RefusedDeploymentException(
                    "rule %s has no version of tenant %s's own"
                        .formatted(entry.placement().getRuleId(), String.join(", ", tenants))));
  }

  /** Tenants' own drafts, which what happens to the rule for all leaves alone. */
  private static List<PlacedVersion> drafts(Entry entry, Set<Integer> but) {
    return entry.placement().getVersionsList().stream()
        .filter(v -> v.getStage() == RULE_STAGE_DRAFT && v.getTenantsCount() > 0)
        .filter(v -> !but.contains(v.getVersion()))
        .toList();
  }

  /**
   * Stops a rule; its versions stay.
   *
   * @param tenants who have no version of their own any more; empty: it is stopped everywhere
   * @throws RefusedDeploymentException when there is no such rule, or none of the tenants' own
   */
  public void retire(String ruleId, Collection<String> tenants) {
    Entry entry = require(ruleId);
    if (tenants.isEmpty()) {
      place(ruleId, retired(entry), RULE_ORIGIN_HAND);
      return;
    }
    PlacedVersion own =
        ownOf(entry, tenants).toBuilder()
            .setStage(RULE_STAGE_RETIRED)
            .clearTenants()
            .addAllTenants(new TreeSet<>(tenants))
            .build();
    List<PlacedVersion> left = new ArrayList<>(withoutTenants(entry, tenants));
    left.add(own);
    place(ruleId, left, RULE_ORIGIN_HAND);
  }

  /** Stops a rule everywhere. */
  public void retire(String ruleId) {
    retire(ruleId, Set.of());
  }

  private static List<PlacedVersion> withoutTenants(Entry entry, Collection<String> tenants) {
    return entry.placement().getVersionsList().stream()
        .map(v -> v.getTenantsCount() == 0 ? Optional.of(v) : less(v, tenants))
        .flatMap(Optional::stream)
        .toList();
  }

  /**
   * Takes a tenant out of every placement, and versions that were its own with it. A rule that
   * nobody else has stays as an id without a version.
   *
   * @param versions numbers by rule id; those that are still placed for somebody stay
   * @return how many versions went
   */
  public int forget(String tenant, Map<String, Set<Integer>> versions) {
    int gone = 0;
    for (Entry entry : List.copyOf(entries.values())) {
      String id = entry.placement().getRuleId();
      List<PlacedVersion> left = withoutTenants(entry, Set.of(tenant));
      place(id, left, entry.placement().getOrigin());
      Entry now = Objects.requireNonNull(entries.get(id));
      NavigableMap<Integer, RuleVersion> kept = new TreeMap<>(now.versions());
      for (int number : versions.getOrDefault(id, Set.of())) {
        RuleVersion version = kept.get(number);
        if (version != null && left.stream().noneMatch(v -> v.getVersion() == number)) {
          kept.remove(number);
          records.add(RuleRecord.without(version));
          gone++;
        }
      }
      entries.put(id, new Entry(now.placement(), kept));
    }
    return gone;
  }

  /**
   * Makes the book that of a directory: its documents live for all tenants, what it does not have
   * any more retired. Rules that were changed by hand stay as they are.
   *
   * @return ids of rules that stay as they were changed by hand
   */
  public Set<String> directory(List<RuleDocument> documents) {
    Set<String> kept = new TreeSet<>();
    Set<String> present = new TreeSet<>();
    for (RuleDocument document : documents) {
      present.add(document.id());
      Entry entry = entries.get(document.id());
      if (entry != null && entry.placement().getOrigin() == RULE_ORIGIN_HAND) {
        kept.add(document.id());
      } else {
        List<PlacedVersion> live = List.of(placed(version(document, any -> true), RULE_STAGE_LIVE));
        place(document.id(), live, RULE_ORIGIN_DIRECTORY);
      }
    }
    for (Entry entry : List.copyOf(entries.values())) {
      String id = entry.placement().getRuleId();
      if (!present.contains(id) && entry.placement().getOrigin() == RULE_ORIGIN_DIRECTORY) {
        place(id, retired(entry), RULE_ORIGIN_DIRECTORY);
      }
    }
    return kept;
  }

  /**
   * A list of values for {@code expand}.
   *
   * @param version as the tenant counts
   */
  public record ValueList(int version, List<String> entries) {
    public ValueList {
      entries = List.copyOf(entries);
    }
  }

  /**
   * Makes a tenant's value lists these; others that it has go.
   *
   * @param own by name
   */
  public void valueLists(String tenant, Map<String, ValueList> own) {
    own.forEach((name, list) -> valueList(tenant, name, list));
    before
        .lists()
        .of(tenant)
        .forEach(
            (name, known) -> {
              if (!own.containsKey(name)) {
                put(
                    TenantValueList.newBuilder()
                        .setTenantId(tenant)
                        .setName(name)
                        .setVersion(known.version())
                        .setRemoved(true));
              }
            });
  }

  private void valueList(String tenant, String name, ValueList list) {
    TenantValueList known = lists.get(ValueLists.key(tenant, name));
    boolean same =
        known != null
            && !known.getRemoved()
            && known.getVersion() == list.version()
            && known.getEntriesList().equals(list.entries());
    if (!same) {
      put(
          TenantValueList.newBuilder()
              .setTenantId(tenant)
              .setName(name)
              .setVersion(list.version())
              .addAllEntries(list.entries()));
    }
  }

  private void put(TenantValueList.Builder list) {
    TenantValueList put =
        list.setRevision(before.revision() + 1)
            .setHash(ValueLists.hashOf(list.getEntriesList()))
            .build();
    lists.put(ValueLists.key(put), put);
    records.add(RuleRecord.of(put));
  }

  /** What is to be written. */
  public Plan plan() {
    if (records.isEmpty() && changed.isEmpty()) {
      return new Plan(List.of(), before, Set.of());
    }
    RuleBook after = new RuleBook(before.revision() + 1, entries, new ValueLists(lists));
    List<RuleRecord> all = new ArrayList<>(records);
    changed.values().forEach(placement -> all.add(RuleRecord.of(placement)));
    all.add(
        RuleRecord.of(
            RuleRevision.newBuilder()
                .setRevision(after.revision())
                .setPlacements(after.entries().size())
                .setValueLists(after.lists().size())
                .setHash(after.hash())
                .setAuthor(author)
                .setTimeUs(nowMicros)
                .build()));
    return new Plan(all, after, changed.keySet());
  }

  private Entry require(String ruleId) {
    Entry entry = entries.get(ruleId);
    if (entry == null) {
      throw new RefusedDeploymentException("there is no rule " + ruleId);
    }
    return entry;
  }

  private static PlacedVersion placed(int version, RuleStage stage) {
    return PlacedVersion.newBuilder().setVersion(version).setStage(stage).build();
  }

  /** Whose it was stays: what ran for some tenants alone is not everybody's when it is retired. */
  private static List<PlacedVersion> retired(Entry entry) {
    List<PlacedVersion> last =
        entry
            .main()
            .map(List::of)
            .orElseGet(
                () ->
                    entry.running().findAny().isPresent()
                        ? entry.running().toList()
                        : entry.placement().getVersionsList());
    Set<Integer> numbers = new TreeSet<>();
    List<PlacedVersion> placed = new ArrayList<>();
    for (PlacedVersion version : last) {
      placed.add(version.toBuilder().setStage(RULE_STAGE_RETIRED).build());
      numbers.add(version.getVersion());
    }
    if (entry.running().findAny().isPresent()) {
      placed.addAll(drafts(entry, numbers));
    }
    return placed;
  }

  /** The number of the document's text; a new one is recorded. */
  private int version(RuleDocument document, IntPredicate seen) {
    Entry entry = entries.get(document.id());
    if (entry != null) {
      for (RuleVersion known : entry.versions().values()) {
        if (known.getHash().equals(document.hash()) && seen.test(known.getVersion())) {
          return known.getVersion();
        }
      }
    }
    int number = entry == null || entry.versions().isEmpty() ? 1 : entry.versions().lastKey() + 1;
    RuleVersion version =
        RuleVersion.newBuilder()
            .setRuleId(document.id())
            .setVersion(number)
            .setFile(document.file())
            .setSource(document.text())
            .setHash(document.hash())
            .setAuthor(author)
            .setCreatedUs(nowMicros)
            .setTitle(document.title())
            .build();
    records.add(RuleRecord.of(version));
    NavigableMap<Integer, RuleVersion> versions =
        entry == null ? new TreeMap<>() : new TreeMap<>(entry.versions());
    versions.put(number, version);
    RulePlacement placement =
        entry == null ? RulePlacement.getDefaultInstance() : entry.placement();
    entries.put(document.id(), new Entry(placement, versions));
    return number;
  }

  private void place(String ruleId, List<PlacedVersion> versions, RuleOrigin origin) {
    Entry entry = Objects.requireNonNull(entries.get(ruleId));
    RulePlacement old = entry.placement();
    if (old.getVersionsList().equals(versions) && old.getOrigin() == origin) {
      return;
    }
    RulePlacement placement =
        RulePlacement.newBuilder()
            .setRuleId(ruleId)
            .setRevision(before.revision() + 1)
            .addAllVersions(versions)
            .setOrigin(origin)
            .build();
    changed.put(ruleId, placement);
    entries.put(ruleId, new Entry(placement, pruned(entry.versions(), versions)));
  }

  /** Counted for each tenant that writes: one's many versions take no other's away. */
  private NavigableMap<Integer, RuleVersion> pruned(
      NavigableMap<Integer, RuleVersion> versions, List<PlacedVersion> placed) {
    NavigableMap<Integer, RuleVersion> kept = new TreeMap<>(versions);
    Map<String, Integer> written = new TreeMap<>();
    versions.values().forEach(version -> written.merge(home(version), 1, Integer::sum));
    for (RuleVersion version : versions.values()) {
      boolean runs = placed.stream().anyMatch(p -> p.getVersion() == version.getVersion());
      if (written.getOrDefault(home(version), 0) > VERSIONS_KEPT && !runs) {
        written.merge(home(version), -1, Integer::sum);
        kept.remove(version.getVersion());
        records.add(RuleRecord.without(version));
      }
    }
    return kept;
  }

  /** Whoever is of no tenant counts together. */
  private static String home(RuleVersion version) {
    int at = version.getAuthor().lastIndexOf('@');
    return at < 0 ? "" : version.getAuthor().substring(at + 1);
  }
}
