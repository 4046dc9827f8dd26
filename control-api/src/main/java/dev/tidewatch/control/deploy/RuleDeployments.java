package dev.tidewatch.control.deploy;

import dev.tidewatch.control.change.Changes;
import dev.tidewatch.deploy.RuleTopic;
import dev.tidewatch.events.Topics;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** All of this package for a Kafka: what runs, and the service that shows and changes it. */
public final class RuleDeployments implements AutoCloseable {
  private final RunningRules running;
  private final RuleDeploymentEndpoint endpoint;

  private RuleDeployments(RunningRules running, RuleDeploymentEndpoint endpoint) {
    this.running = running;
    this.endpoint = endpoint;
  }

  /**
   * Begins to follow; Kafka may be away.
   *
   * @param start what the pipeline was started with
   * @param audit where deployments are recorded; empty where there is no control database
   * @param caller of the request that the calling thread is about
   */
  public static RuleDeployments follow(
      String bootstrapServers,
      Supplier<Compilation> start,
      Optional<Changes> audit,
      Supplier<Deployer> caller,
      Clock clock) {
    RuleTopic topic = new RuleTopic(Map.of("bootstrap.servers", bootstrapServers), Topics.RULES);
    RunningRules running = RunningRules.follow(topic, Topics.RULES_STATUS, start);
    return new RuleDeployments(
        running, new RuleDeploymentEndpoint(running, new RuleChanges(topic, clock), audit, caller));
  }

  /** The rules in force. */
  public Compilation compilation() {
    return running.compilation();
  }

  public RuleDeploymentEndpoint endpoint() {
    return endpoint;
  }

  @Override
  public void close() {
    running.close();
  }
}
