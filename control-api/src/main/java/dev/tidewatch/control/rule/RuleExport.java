package dev.tidewatch.control.rule;

import dev.tidewatch.control.v1.ExportRulesResponse;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.deploy.RuleBook.Entry;
import dev.tidewatch.events.v1.PlacedVersion;
import dev.tidewatch.events.v1.RuleStage;
import dev.tidewatch.events.v1.RuleVersion;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The sources of a book as a zip: of each rule the version in force, or the newest in a stage. */
final class RuleExport {
  private static final Set<RuleStage> RUNNING =
      Set.of(RuleStage.RULE_STAGE_SHADOW, RuleStage.RULE_STAGE_LIVE);

  private RuleExport() {}

  /**
   * @param stages empty: those that run
   * @param sight what runs for other tenants alone is not exported
   */
  static ExportRulesResponse of(RuleBook book, Collection<RuleStage> stages, Sight sight) {
    Set<RuleStage> wanted = stages.isEmpty() ? RUNNING : Set.copyOf(stages);
    Map<String, String> texts = new TreeMap<>();
    for (Entry entry : book.entries().values()) {
      placed(entry, wanted, sight)
          .ifPresent(placed -> add(texts, entry.version(placed.getVersion())));
    }
    return ExportRulesResponse.newBuilder()
        .setArchive(RuleArchiveFile.write(texts))
        .setFiles(texts.size())
        .setRevision(book.revision())
        .build();
  }

  private static Optional<PlacedVersion> placed(Entry entry, Set<RuleStage> wanted, Sight sight) {
    return entry
        .main()
        .filter(placed -> wanted.contains(placed.getStage()))
        .or(
            () ->
                sight.placed(entry.placement().getVersionsList()).stream()
                    .filter(placed -> wanted.contains(placed.getStage()))
                    .findFirst());
  }

  private static void add(Map<String, String> texts, RuleVersion version) {
    String path = RulePath.plainOr(version.getFile(), version.getRuleId());
    String name = path;
    for (int number = 2; texts.containsKey(name); number++) {
      name = RulePath.numbered(path, number);
    }
    texts.put(name, version.getSource());
  }
}
