package dev.tidewatch.benchmarks.chaos;

import dev.tidewatch.deploy.Deployment;
import dev.tidewatch.deploy.RuleTopic;
import dev.tidewatch.events.v1.RuleStage;
import dev.tidewatch.sigma.RuleDocument;
import dev.tidewatch.sigma.RuleSource;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Deploys the marker rule again and again while everything else goes on: each time with another
 * text, so as another version that matches the same events. Kafka may be away; then the deployment
 * is tried again.
 */
final class ChaosDeploys implements AutoCloseable {
  private static final long EVERY_MILLIS = 1_500;

  private final RuleTopic topic;
  private final String rule;
  private final Thread thread = new Thread(this::run, "chaos-deploys");
  private final CountDownLatch stopping = new CountDownLatch(1);
  private volatile int deployed;
  private volatile int failed;

  private ChaosDeploys(String bootstrapServers, String topic, String rule) {
    this.topic =
        new RuleTopic(
            Map.of("bootstrap.servers", bootstrapServers, "default.api.timeout.ms", "15000"),
            topic);
    this.rule = rule;
  }

  /**
   * @param topic name of the topic of rules
   * @param rule text of the rule
   */
  static ChaosDeploys start(String bootstrapServers, String topic, String rule) {
    ChaosDeploys deploys = new ChaosDeploys(bootstrapServers, topic, rule);
    deploys.thread.start();
    return deploys;
  }

  private void run() {
    try {
      do {
        tryToDeploy();
      } while (!stopping.await(EVERY_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tryToDeploy() {
    try {
      deploy("description: deployed as number " + deployed + "\n" + rule);
      deployed++;
    } catch (RuntimeException away) {
      failed++;
    }
  }

  private void deploy(String text) {
    RuleDocument document = RuleDocument.of(List.of(new RuleSource("marker.yml", text))).get(0);
    topic.change(
        book -> {
          Deployment deployment = new Deployment(book, "chaos", Clock.systemUTC());
          deployment.deploy(document, RuleStage.RULE_STAGE_LIVE, List.of());
          return deployment.plan();
        });
  }

  /** Deployments that Kafka took. */
  int deployed() {
    return deployed;
  }

  /** Deployments that were tried while Kafka was away. */
  int failed() {
    return failed;
  }

  @Override
  public void close() {
    stopping.countDown();
    try {
      thread.join(60_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
