package dev.tidewatch.control.deploy;

import dev.tidewatch.control.rule.Sight;
import dev.tidewatch.control.v1.RuleSetStatus;
import dev.tidewatch.control.v1.RuleStatus;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.deploy.RuleBook.Entry;
import dev.tidewatch.events.v1.PlacedVersion;
import dev.tidewatch.events.v1.RuleCount;
import dev.tidewatch.events.v1.RuleFault;
import dev.tidewatch.events.v1.RuleVersion;
import dev.tidewatch.events.v1.SubtaskRules;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is deployed beside what the subtasks report. */
final class StatusReport {
  private static final Pattern ABOUT = Pattern.compile("^rule (\\S+)@([0-9]{1,9}): ");

  private final RuleBook book;
  private final long published;
  private final List<SubtaskRules> reports;
  private final Map<String, RuleStatus.Builder> counted = new HashMap<>();
  private final Map<String, String> faults = new HashMap<>();

  /**
   * @param book what is recorded
   * @param published the revision that Kafka has
   */
  StatusReport(RuleBook book, long published, List<SubtaskRules> reports) {
    this.book = book;
    this.published = published;
    this.reports = reports;
    for (SubtaskRules report : reports) {
      report.getRulesList().forEach(this::count);
      for (RuleFault fault : report.getFaultsList()) {
        faults.put(
            fault.getRuleId() + "@" + fault.getVersion(),
            fault.getCode() + " " + fault.getMessage());
      }
    }
  }

  private void count(RuleCount count) {
    RuleStatus.Builder sum =
        counted.computeIfAbsent(
            count.getRuleId() + "@" + count.getVersion(), key -> RuleStatus.newBuilder());
    sum.setMatches(sum.getMatches() + count.getMatches())
        .setAlerts(sum.getAlerts() + count.getAlerts())
        .setNanos(sum.getNanos() + count.getNanos())
        .setErrors(sum.getErrors() + count.getErrors())
        .setStateBytes(sum.getStateBytes() + count.getStateBytes());
  }

  /** Of the rules that {@code wanted} lets through, by id. */
  RuleSetStatus of(Predicate<Entry> wanted, Sight sight) {
    RuleSetStatus.Builder status =
        RuleSetStatus.newBuilder()
            .setRevision(book.revision())
            .setPublishedRevision(published)
            .setWaitsForKafka(published < book.revision())
            .setSubtasks(reports.size())
            .setActive(activeSince(book.revision()));
    for (SubtaskRules report : reports) {
      if (report.getRefusedRevision() > book.revision() - 1 && !report.getRefusal().isEmpty()) {
        status
            .setRefusal(refusal(report.getRefusal(), sight))
            .setRefusedRevision(report.getRefusedRevision());
      }
    }
    book.entries().values().stream()
        .filter(wanted)
        .forEach(
            entry ->
                sight
                    .placed(entry.placement().getVersionsList())
                    .forEach(placed -> status.addRules(rule(entry, placed, sight))));
    return status.build();
  }

  /** What the job says begins with the rule that it is about, unless it is about none. */
  private String refusal(String said, Sight sight) {
    if (sight.operator()) {
      return said;
    }
    Matcher about = ABOUT.matcher(said);
    Entry entry = about.find() ? book.entries().get(about.group(1)) : null;
    boolean seen =
        entry != null
            && sight.placed(entry.placement().getVersionsList()).stream()
                .anyMatch(placed -> placed.getVersion() == Integer.parseInt(about.group(2)));
    return seen ? sight.told(said) : "the revision is refused for what only operators see";
  }

  private int activeSince(long revision) {
    return (int) reports.stream().filter(report -> report.getRevision() >= revision).count();
  }

  private RuleStatus rule(Entry entry, PlacedVersion placed, Sight sight) {
    String key = entry.placement().getRuleId() + "@" + placed.getVersion();
    RuleVersion version = entry.version(placed.getVersion());
    RuleStatus.Builder counts = counted.getOrDefault(key, RuleStatus.newBuilder());
    return counts
        .clone()
        .setRuleId(entry.placement().getRuleId())
        .setTitle(version.getTitle())
        .setVersion(placed.getVersion())
        .setStage(placed.getStage())
        .addAllTenants(placed.getTenantsList())
        .setOrigin(entry.placement().getOrigin())
        .setRevision(entry.placement().getRevision())
        .setActive(activeSince(entry.placement().getRevision()))
        .setSubtasks(reports.size())
        .setFault(sight.told(faults.getOrDefault(key, "")))
        .setFile(version.getFile())
        .setAuthor(sight.author(version.getAuthor()))
        .build();
  }
}
