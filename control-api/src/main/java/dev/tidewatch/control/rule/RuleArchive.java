package dev.tidewatch.control.rule;

import dev.tidewatch.control.v1.CreateRuleVersionRequest;
import dev.tidewatch.control.v1.CreateRuleVersionResponse;
import dev.tidewatch.control.v1.RuleEvent;
import dev.tidewatch.control.v1.RuleSetStatus;
import dev.tidewatch.control.v1.StoredRuleVersion;
import dev.tidewatch.deploy.RuleBook;
import java.util.List;
import java.util.Optional;

/** Rules as they are kept, with every version, beside those that run. */
public interface RuleArchive {
  /** The newest that is recorded. */
  RuleBook book();

  /** What the caller of this thread's call sees, who asks on behalf of {@code tenant}. */
  Sight sight(String tenant);

  /** What runs where and counts what. */
  RuleSetStatus status(String tenant);

  /** Versions below {@code below} without their texts, the newest first; at most {@code most}. */
  List<StoredRuleVersion> versions(String tenant, String ruleId, long below, int most);

  /** One version with its text. */
  Optional<StoredRuleVersion> version(String tenant, String ruleId, int version);

  /** What was done to a rule below revision {@code below}, newest first; at most {@code most}. */
  List<RuleEvent> history(String tenant, String ruleId, long below, int most);

  /** Keeps a draft. */
  CreateRuleVersionResponse create(CreateRuleVersionRequest request);
}
