package dev.tidewatch.jobs.rules;

import dev.tidewatch.deploy.RuleTopic;
import dev.tidewatch.jobs.options.DetectionOptions;
import java.util.HashMap;
import java.util.Map;

/**
 * The rules of a Kafka topic. All subtasks of a process that follow the same topic share one
 * consumer and one compiled rule set; the last one to leave ends it.
 */
public final class KafkaRuleFeed implements RuleFeed {
  private static final long serialVersionUID = 1L;
  private static final Map<Settings, FollowedTopic> IN_USE = new HashMap<>();

  private final HashMap<String, String> properties;
  private final String rulesTopic;
  private final String statusTopic;
  private final int maxRuleFailures;

  /** What makes two feeds the same. */
  record Settings(RuleTopic rules, String statusTopic, int maxRuleFailures) {}

  /**
   * @param properties for all Kafka clients
   * @param maxRuleFailures events that a rule may fail on before it is disabled
   */
  public KafkaRuleFeed(
      Map<String, String> properties, String rulesTopic, String statusTopic, int maxRuleFailures) {
    this.properties = new HashMap<>(properties);
    this.rulesTopic = rulesTopic;
    this.statusTopic = statusTopic;
    this.maxRuleFailures = maxRuleFailures;
  }

  public static KafkaRuleFeed of(DetectionOptions options) {
    return new KafkaRuleFeed(
        options.kafkaClientProperties(),
        options.get(DetectionOptions.RULES_TOPIC),
        options.get(DetectionOptions.RULES_STATUS_TOPIC),
        options.get(DetectionOptions.MAX_RULE_FAILURES));
  }

  @Override
  public RuleSetFollower follow(Subtask subtask) throws InterruptedException {
    Settings settings =
        new Settings(new RuleTopic(properties, rulesTopic), statusTopic, maxRuleFailures);
    FollowedTopic topic;
    synchronized (IN_USE) {
      topic = IN_USE.computeIfAbsent(settings, FollowedTopic::start);
      topic.addUser();
    }
    try {
      return topic.follow(subtask, () -> release(settings));
    } catch (InterruptedException | RuntimeException e) {
      release(settings);
      throw e;
    }
  }

  private static void release(Settings settings) {
    FollowedTopic ended = null;
    synchronized (IN_USE) {
      FollowedTopic topic = IN_USE.get(settings);
      if (topic != null && topic.removeUser() == 0) {
        IN_USE.remove(settings);
        ended = topic;
      }
    }
    if (ended != null) {
      ended.close();
    }
  }

  /** Topics that this process follows. */
  public static int inUse() {
    synchronized (IN_USE) {
      return IN_USE.size();
    }
  }
}
