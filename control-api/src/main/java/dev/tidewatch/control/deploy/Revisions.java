package dev.tidewatch.control.deploy;

import dev.tidewatch.control.rule.Sight;
import dev.tidewatch.deploy.Deployment.Plan;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.deploy.RuleTopic;
import java.util.function.Function;

/** Where revisions of the rules are written. */
interface Revisions {
  /** The newest. */
  RuleBook read();

  /**
   * Writes the next one; nothing when {@code planned} throws, which is passed on.
   *
   * @param note for the history
   * @return what was written
   */
  Plan change(Note note, Function<RuleBook, Plan> planned);

  /** The versions of a rule whose texts someone sees; all where no history is kept. */
  default SeenVersions seen(String ruleId, Sight sight) {
    return SeenVersions.ALL;
  }

  /** Who made the newest, as words between commas; empty where that is not known. */
  default String by() {
    return "";
  }

  /**
   * Who made a revision, and why.
   *
   * @param action as {@code RuleEvent.action} has it
   */
  record Note(String author, String action, String comment) {}

  /** Straight to Kafka, which keeps neither comments nor history. Creates the topic. */
  final class Direct implements Revisions {
    private final RuleTopic topic;
    private volatile boolean exists;

    Direct(RuleTopic topic) {
      this.topic = topic;
    }

    private RuleTopic topic() {
      if (!exists) {
        topic.create();
        exists = true;
      }
      return topic;
    }

    @Override
    public RuleBook read() {
      return topic().read();
    }

    @Override
    public Plan change(Note note, Function<RuleBook, Plan> planned) {
      return topic().change(planned);
    }
  }
}
