package dev.tidewatch.deploy;

import dev.tidewatch.deploy.RuleBook.Entry;
import dev.tidewatch.events.v1.PlacedVersion;
import dev.tidewatch.events.v1.RuleStage;
import dev.tidewatch.events.v1.RuleVersion;
import dev.tidewatch.sigma.RuleSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a rule may refer to. For all tenants: the rules for all. For some tenants: those, and rules
 * that only some tenants have, if all of its own are among them; whichever of their versions stands
 * for the rule, the matches of each tenant's own are what it gets when it runs.
 */
final class Surroundings {
  /** No file name can have it. */
  private static final String APART = "\u0000";

  private static final Pattern NAME =
      Pattern.compile(
          "(?m)(?:^|[{,]\\s*)[\"']?name[\"']?\\s*:\\s*[\"']?(.+?)[\"']?\\s*(?:#.*|[,}].*)?$");

  private static final Pattern FILTER = Pattern.compile("(?m)^[{\\s]*[\"']?filter[\"']?\\s*:");

  private final List<Around> all = new ArrayList<>();

  /**
   * A version that others may be compiled with.
   *
   * @param tenants that have the rule; empty: all
   */
  private record Around(RuleVersion version, Set<String> tenants) {
    boolean isFor(Collection<String> others) {
      return tenants.isEmpty() || (!others.isEmpty() && tenants.containsAll(others));
    }

    boolean isMentionedIn(String text) {
      return text.contains(version.getRuleId())
          || namesIn(version.getSource()).stream().anyMatch(text::contains);
    }
  }

  private Surroundings() {}

  /**
   * @param without ids of rules that are not to be there
   */
  static Surroundings of(RuleBook book, Set<String> without) {
    Surroundings around = new Surroundings();
    for (Entry entry : book.entries().values()) {
      if (!without.contains(entry.placement().getRuleId())) {
        around(entry).ifPresent(around.all::add);
      }
    }
    return around;
  }

  private static Optional<Around> around(Entry entry) {
    Optional<PlacedVersion> main = entry.main();
    if (main.isPresent()) {
      return Optional.of(new Around(entry.version(main.get().getVersion()), Set.of()));
    }
    Set<String> tenants = new HashSet<>();
    entry.running().forEach(placed -> tenants.addAll(placed.getTenantsList()));
    return entry
        .running()
        .min(Comparator.comparing(placed -> placed.getStage() != RuleStage.RULE_STAGE_LIVE))
        .map(placed -> new Around(entry.version(placed.getVersion()), tenants));
  }

  /** Everything for all tenants. */
  List<RuleSource> forAll() {
    return all.stream()
        .filter(around -> around.tenants().isEmpty())
        .map(around -> RuleBook.source(around.version()))
        .toList();
  }

  /** What is not for all tenants, but for each of these. */
  List<RuleSource> forSome(Collection<String> tenants) {
    return all.stream()
        .filter(around -> !around.tenants().isEmpty() && around.isFor(tenants))
        .map(around -> RuleBook.source(around.version()))
        .toList();
  }

  /**
   * What a version may need of all this: filters, and what its text mentions, and so on. Under file
   * names of their own, so that what is said of the version's file is said of it.
   */
  List<RuleSource> mentionedBy(RuleVersion version, Collection<String> tenants) {
    List<RuleSource> found = new ArrayList<>();
    Set<String> taken = new HashSet<>(Set.of(version.getRuleId()));
    for (Around around : all) {
      boolean filter = around.tenants().isEmpty() && isFilter(around.version().getSource());
      if (filter && taken.add(around.version().getRuleId())) {
        found.add(renamed(RuleBook.source(around.version())));
      }
    }
    List<String> unread = new ArrayList<>(List.of(version.getSource()));
    while (!unread.isEmpty()) {
      String text = unread.remove(unread.size() - 1);
      if (!mayRefer(text)) {
        continue;
      }
      for (Around around : all) {
        String id = around.version().getRuleId();
        if (!taken.contains(id) && around.isFor(tenants) && around.isMentionedIn(text)) {
          taken.add(id);
          found.add(renamed(RuleBook.source(around.version())));
          unread.add(around.version().getSource());
        }
      }
    }
    return found;
  }

  private static boolean isFilter(String text) {
    return text.contains("filter") && FILTER.matcher(text).find();
  }

  /** Detections refer to nothing. */
  private static boolean mayRefer(String text) {
    return text.contains("correlation") || text.contains("pattern");
  }

  static RuleSource renamed(RuleSource source) {
    return new RuleSource(APART + source.file(), source.text());
  }

  /** What a rule may be named by others, beside its id; a few may be none. */
  static Set<String> namesIn(String text) {
    Set<String> names = new HashSet<>();
    if (text.contains("name")) {
      Matcher name = NAME.matcher(text);
      while (name.find()) {
        names.add(name.group(1).strip());
      }
    }
    return names;
  }
}
