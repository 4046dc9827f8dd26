package dev.tidewatch.jobs.rules;

import dev.tidewatch.deploy.Deployment;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.events.v1.RuleStage;
import dev.tidewatch.sigma.RuleDocument;
import dev.tidewatch.sigma.RuleSource;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Rules that never change, without Kafka: for tests of single operators. */
public final class FixedRules implements RuleFeed {
  private static final long serialVersionUID = 1L;
  private final ArrayList<String> texts;

  private FixedRules(List<String> texts) {
    this.texts = new ArrayList<>(texts);
  }

  public static FixedRules of(String... texts) {
    return new FixedRules(List.of(texts));
  }

  /** All texts live for all tenants, as revision 1. */
  public static RuleSet compile(List<String> texts) {
    Deployment deployment = new Deployment(RuleBook.EMPTY, "test", Clock.systemUTC());
    for (int i = 0; i < texts.size(); i++) {
      RuleDocument.of(List.of(new RuleSource(i + ".yml", texts.get(i))))
          .forEach(doc -> deployment.deploy(doc, RuleStage.RULE_STAGE_LIVE, Set.of()));
    }
    RuleFaults faults = new RuleFaults(3);
    try {
      return new RuleSetCompiler(faults, new BaseIndex(faults)).compile(deployment.plan().after());
    } catch (RefusedRevisionException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public RuleSetFollower follow(Subtask subtask) {
    RuleSet set = compile(texts);
    RuleCounters counters = new RuleCounters();
    return new RuleSetFollower() {
      @Override
      public RuleSet current() {
        return set;
      }

      @Override
      public RuleSet atLeast(long revision) {
        return set;
      }

      @Override
      public void onChange(Executor mailbox, Consumer<RuleSet> adopt) {}

      @Override
      public void adopted(long revision) {}

      @Override
      public RuleCounters counters() {
        return counters;
      }

      @Override
      public void close() {}
    };
  }
}
