package dev.tidewatch.deploy;

import dev.tidewatch.events.v1.PlacedVersion;
import dev.tidewatch.events.v1.RulePlacement;
import dev.tidewatch.events.v1.RuleStage;
import dev.tidewatch.events.v1.RuleVersion;
import dev.tidewatch.sigma.RuleSource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every rule at one revision: its versions, and which of them run where. Immutable. No record, for
 * it remembers its {@link #hash}.
 */
public final class RuleBook {
  public static final RuleBook EMPTY = new RuleBook(0, new TreeMap<>(), ValueLists.NONE);

  private final long revision;
  private final NavigableMap<String, Entry> entries;
  private final ValueLists lists;
  private volatile @Nullable String hash;

  /**
   * @param revision 0: nothing was deployed yet
   * @param entries by rule id
   * @param lists what the modifier {@code expand} puts in, tenant by tenant
   */
  public RuleBook(long revision, NavigableMap<String, Entry> entries, ValueLists lists) {
    this.revision = revision;
    this.entries = Collections.unmodifiableNavigableMap(entries);
    this.lists = lists;
  }

  /** 0: nothing was deployed yet. */
  public long revision() {
    return revision;
  }

  /** By rule id. */
  public NavigableMap<String, Entry> entries() {
    return entries;
  }

  /** What the modifier {@code expand} puts in, tenant by tenant. */
  public ValueLists lists() {
    return lists;
  }

  /**
   * A rule.
   *
   * @param versions by number; those that are placed and some before
   */
  public record Entry(RulePlacement placement, NavigableMap<Integer, RuleVersion> versions) {
    public Entry {
      versions = Collections.unmodifiableNavigableMap(versions);
    }

    /** The version that is live for all tenants, else the one in shadow for all. */
    public Optional<PlacedVersion> main() {
      return forAll(RuleStage.RULE_STAGE_LIVE).or(() -> forAll(RuleStage.RULE_STAGE_SHADOW));
    }

    /** Versions that run beside or instead of {@link #main}. */
    public Stream<PlacedVersion> others() {
      return running().filter(version -> !Optional.of(version).equals(main()));
    }

    /** Versions in shadow or live. */
    public Stream<PlacedVersion> running() {
      return placement.getVersionsList().stream().filter(RuleBook::runs);
    }

    public RuleVersion version(int number) {
      RuleVersion version = versions.get(number);
      if (version == null) {
        throw new IllegalArgumentException(
            "rule " + placement.getRuleId() + " has no version " + number);
      }
      return version;
    }

    private Optional<PlacedVersion> forAll(RuleStage stage) {
      for (PlacedVersion placed : placement.getVersionsList()) {
        if (placed.getStage() == stage && placed.getTenantsCount() == 0) {
          return Optional.of(placed);
        }
      }
      return Optional.empty();
    }

    String line() {
      StringBuilder line = new StringBuilder(placement.getRuleId());
      line.append('\0').append(placement.getRevision());
      for (PlacedVersion placed : placement.getVersionsList()) {
        line.append('\0')
            .append(placed.getVersion())
            .append(placed.getStage().getNumber())
            .append(version(placed.getVersion()).getHash())
            .append(String.join(",", placed.getTenantsList()));
      }
      return line.append('\n').toString();
    }
  }

  /** Rules that have this id, or a placed version of this name; whether or not they run. */
  public Stream<Entry> named(String idOrName) {
    return entries.values().stream()
        .filter(
            entry ->
                entry.placement().getRuleId().equals(idOrName)
                    || entry.placement().getVersionsList().stream()
                        .map(placed -> entry.version(placed.getVersion()).getSource())
                        .anyMatch(text -> Surroundings.namesIn(text).contains(idOrName)));
  }

  /** Whether a placed version is in shadow or live. */
  public static boolean runs(PlacedVersion version) {
    return version.getStage() == RuleStage.RULE_STAGE_SHADOW
        || version.getStage() == RuleStage.RULE_STAGE_LIVE;
  }

  /** A version as the compiler takes it. */
  public static RuleSource source(RuleVersion version) {
    return new RuleSource(version.getFile(), version.getSource());
  }

  /**
   * SHA-256 in hex over placements and the hashes of the versions they name, in the order of ids,
   * and over the value lists.
   *
   * @throws IllegalArgumentException when a placement names a version that is not there
   */
  public String hash() {
    String known = hash;
    if (known == null) {
      MessageDigest digest = sha256();
      entries
          .values()
          .forEach(entry -> digest.update(entry.line().getBytes(StandardCharsets.UTF_8)));
      lists.addTo(digest);
      known = HexFormat.of().formatHex(digest.digest());
      hash = known;
    }
    return known;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RuleBook book
        && revision == book.revision
        && entries.equals(book.entries)
        && lists.equals(book.lists);
  }

  @Override
  public int hashCode() {
    return Objects.hash(revision, entries, lists);
  }

  @Override
  public String toString() {
    return "revision " + revision + " of " + entries.size() + " rules";
  }

  /** First 16 hex digits of SHA-256 over a rule's text. */
  static String hashOf(String source) {
    return HexFormat.of().formatHex(sha256().digest(source.getBytes(StandardCharsets.UTF_8)), 0, 8);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
