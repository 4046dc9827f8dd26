package dev.tidewatch.control.tenant;

import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.rule.Sight;
import dev.tidewatch.control.v1.ValueListUse;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.deploy.RuleBook.Entry;
import dev.tidewatch.events.v1.PlacedVersion;
import dev.tidewatch.events.v1.RuleVersion;
import dev.tidewatch.sigma.PlaceholderNames;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which rules that run for a tenant name its value lists; for the operators' lists those of all
 * tenants.
 *
 * @param byList by the name of the list, by title
 */
record ListUses(Map<String, List<ValueListUse>> byList) {
  static final ListUses UNKNOWN = new ListUses(Map.of());

  /** Named to a caller. */
  static final int MOST_NAMED = 20;

  /** Named in a message. */
  private static final int MOST_TOLD = 5;

  static ListUses of(RuleBook book, String tenant) {
    Sight sight = new Sight(tenant, tenant.equals(ControlDatabase.SYSTEM));
    Map<String, List<ValueListUse>> byList = new TreeMap<>();
    for (Entry entry : book.entries().values()) {
      Map<String, ValueListUse> uses = new TreeMap<>();
      for (PlacedVersion placed : sight.placed(entry.running().toList())) {
        RuleVersion version = entry.version(placed.getVersion());
        for (String name : PlaceholderNames.in(version.getSource())) {
          uses.putIfAbsent(name, use(version));
        }
      }
      uses.forEach((name, use) -> byList.computeIfAbsent(name, n -> new ArrayList<>()).add(use));
    }
    byList.values().forEach(uses -> uses.sort(Comparator.comparing(ValueListUse::getTitle)));
    return new ListUses(byList);
  }

  private static ValueListUse use(RuleVersion version) {
    return ValueListUse.newBuilder()
        .setRuleId(version.getRuleId())
        .setTitle(version.getTitle())
        .build();
  }

  List<ValueListUse> of(String list) {
    return byList.getOrDefault(list, List.of());
  }

  /** The rules that name a list, as a message tells them. */
  String told(String list) {
    List<ValueListUse> uses = of(list);
    String named =
        uses.stream()
            .limit(MOST_TOLD)
            .map(use -> "%s (%s)".formatted(use.getTitle(), use.getRuleId()))
            .collect(Collectors.joining(", "));
    int more = uses.size() - MOST_TOLD;
    return (uses.size() == 1 ? "1 rule: " : uses.size() + " rules: ")
        + named
        + (more > 0 ? " and " + more + " more" : "");
  }
}
