package dev.tidewatch.control.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidewatch.control.deploy.RuleChanges.Order;
import dev.tidewatch.control.deploy.RuleChanges.Outcome;
import dev.tidewatch.control.deploy.RuleChanges.Step;
import dev.tidewatch.control.deploy.RuleChanges.Target;
import dev.tidewatch.control.rule.Sight;
import dev.tidewatch.control.v1.RuleSetStatus;
import dev.tidewatch.deploy.Deployment;
import dev.tidewatch.deploy.DeploymentConflictException;
import dev.tidewatch.deploy.RefusedDeploymentException;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.deploy.RuleTopic;
import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.embedded.junit.KafkaExtension;
import dev.tidewatch.events.v1.RuleCount;
import dev.tidewatch.events.v1.RuleOrigin;
import dev.tidewatch.events.v1.RuleStage;
import dev.tidewatch.events.v1.SubtaskRules;
import dev.tidewatch.sigma.RuleDocument;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.sigma.SigmaRule;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Changes of rules against a real Kafka. */
class RuleChangesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Target LIVE = new Target(RuleStage.RULE_STAGE_LIVE, Set.of());
  private static final String BASE = "6d3c1d5a-7f43-4a53-9a39-0b1a5b1b6a01";
  private static final String MANY = "6d3c1d5a-7f43-4a53-9a39-0b1a5b1b6a02";

  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

  private final String name = "rules-" + UUID.randomUUID();
  private final Map<String, String> kafka = Map.of("bootstrap.servers", KAFKA.bootstrapServers());
  private final RuleTopic topic = new RuleTopic(kafka, name);
  private final RuleChanges changes =
      new RuleChanges(new Revisions.Direct(topic), new DeployedSet(), Clock.systemUTC());

  @BeforeEach
  void create() {
    topic.create();
  }

  private static Step step(String ruleId) {
    return new Step(ruleId, 0, new Revisions.Note("ann", "staged", ""), Set.of(), book -> {});
  }

  private static RuleSource base(String condition) {
    return new RuleSource(
        "base.yml",
        """
        title: Failed Logon
        id: %s
        name: failed_logon
        status: test
        level: low
        logsource:
          product: windows
          service: security
        detection:
          selection:
            %s
          condition: selection
        """
            .formatted(BASE, condition));
  }

  private static RuleSource many(int count) {
    return new RuleSource(
        "many.yml",
        """
        title: Many Failed Logons
        id: %s
        status: test
        level: high
        correlation:
          type: event_count
          rules: [failed_logon]
          group-by: [Computer]
          timespan: 5m
          condition:
            gte: %d
        """
            .formatted(MANY, count));
  }

  private static Order order(long expected, List<RuleSource> files) {
    return Order.of("ann", files, LIVE, expected, false);
  }

  private static Order sync(RuleSource... files) {
    return Order.of("ci", List.of(files), LIVE, 0, true);
  }

  private static List<String> actions(Outcome outcome) {
    return outcome.placed().stream()
        .map(p -> p.ruleId().substring(34) + " " + p.action() + " " + p.previous() + p.version())
        .toList();
  }

  @Test
  void aSyncMakesWhatWasDeployedByHandEqualTheFilesInOneRevision() {
    RuleSource starter = base("EventID: 1");
    topic.change(
        book -> {
          Deployment directory = new Deployment(book, "up", Clock.systemUTC());
          Set<String> unused = directory.directory(RuleDocument.of(List.of(starter)));
          return directory.plan();
        });

    assertThat(actions(changes.plan(sync(many(3))))).containsExactly("02 RULE_ACTION_CREATE 01");
    assertThat(topic.read().revision()).as("a plan writes nothing").isEqualTo(1);
    assertThat(changes.deploy(sync(many(3))).revision()).isEqualTo(2);
    assertThat(actions(changes.deploy(sync(many(3)))))
        .containsExactly("02 RULE_ACTION_UNCHANGED 11");
    assertThat(actions(changes.plan(sync(many(4))))).containsExactly("02 RULE_ACTION_UPDATE 12");

    assertThat(actions(changes.deploy(sync(starter))))
        .containsExactly("01 RULE_ACTION_UNCHANGED 11", "02 RULE_ACTION_RETIRE 11");
    RuleBook after = topic.read();
    assertThat(after.revision()).isEqualTo(3);
    assertThat(after.entries().get(BASE).placement().getOrigin())
        .as("what up --rules brought stays its")
        .isEqualTo(RuleOrigin.RULE_ORIGIN_DIRECTORY);
    assertThat(after.entries().get(MANY).running()).isEmpty();
  }

  @Test
  void aSyncThatTakesARuleFromUnderAnotherSaysWhatBreaksAndWritesNothing() {
    changes.deploy(order(0, List.of(base("EventID: 4625"), many(3))));

    Outcome refused = changes.deploy(sync(many(3)));

    assertThat(refused.revision()).isZero();
    assertThat(refused.diagnostics()).anySatisfy(d -> assertThat(d.file()).isEqualTo("many.yml"));
    assertThat(topic.read().revision()).isEqualTo(1);
    assertThat(actions(changes.deploy(sync(base("EventID: 4626")))))
        .containsExactly("01 RULE_ACTION_UPDATE 12", "02 RULE_ACTION_RETIRE 11");
    assertThat(topic.read().revision()).isEqualTo(2);
  }

  @Test
  void aSyncEndsCanariesAndLeavesDrafts() {
    changes.deploy(
        Order.of(
            "ann",
            List.of(base("EventID: 1")),
            new Target(RuleStage.RULE_STAGE_LIVE, Set.of("acme")),
            0,
            false));
    changes.deploy(
        Order.of(
            "ann",
            List.of(new RuleSource("draft.yml", base("EventID: 9").text().replace(BASE, MANY))),
            new Target(RuleStage.RULE_STAGE_DRAFT, Set.of()),
            0,
            false));

    assertThat(actions(changes.deploy(sync(base("EventID: 1")))))
        .containsExactly("01 RULE_ACTION_UPDATE 11");
    assertThat(topic.read().entries().get(MANY).placement().getVersions(0).getStage())
        .isEqualTo(RuleStage.RULE_STAGE_DRAFT);
  }

  @Test
  void filesAreCheckedAmongAllThatIsDeployedAndDeployedWholeOrNotAtAll() {
    Outcome alone = changes.deploy(order(0, List.of(many(3))));
    assertThat(alone.revision()).isZero();
    assertThat(alone.diagnostics()).anySatisfy(d -> assertThat(d.file()).isEqualTo("many.yml"));

    Outcome half = changes.deploy(order(0, List.of(base("EventID|almost: 4625"), many(3))));
    assertThat(half.revision()).isZero();
    assertThat(half.diagnostics()).anyMatch(Diagnostic::isError);
    assertThat(topic.read().revision()).isZero();

    assertThat(changes.deploy(order(0, List.of(base("EventID: 4625")))).revision()).isEqualTo(1);
    assertThat(changes.deploy(order(1, List.of(many(3)))).revision()).isEqualTo(2);
    assertThat(changes.deploy(order(0, List.of(many(3)))))
        .as("nothing changed")
        .satisfies(
            outcome -> {
              assertThat(outcome.revision()).isEqualTo(2);
              assertThat(outcome.placed()).noneMatch(RuleChanges.Placed::changed);
            });
    assertThatThrownBy(() -> changes.deploy(order(1, List.of(many(4)))))
        .isInstanceOf(DeploymentConflictException.class);
    assertThatThrownBy(() -> changes.retire(step(BASE)))
        .isInstanceOf(RefusedDeploymentException.class)
        .hasMessageContaining("many.yml");
    assertThat(changes.retire(step(MANY)).revision()).isEqualTo(3);
    assertThat(changes.retire(step(BASE)).revision()).isEqualTo(4);
  }

  private static Order to(RuleStage stage, Set<String> tenants, RuleSource... files) {
    return Order.of("ann", List.of(files), new Target(stage, tenants), 0, false);
  }

  private static RuleSource named(String name) {
    return new RuleSource("base.yml", base("EventID: 1").text().replace("failed_logon", name));
  }

  private void requireRefused(ThrowingCallable change, String... words) {
    assertThatThrownBy(change)
        .isInstanceOf(RefusedDeploymentException.class)
        .hasMessageContainingAll(words);
  }

  @Test
  void whatARuleRefersToRunsWhereItRuns() {
    changes.deploy(to(RuleStage.RULE_STAGE_DRAFT, Set.of(), named("failed_logon")));
    requireUnreferable("is a draft", "stage that rule in shadow or live first");
    changes.retire(step(BASE));
    requireUnreferable("is retired", "stage that rule in shadow or live first");
    changes.deploy(to(RuleStage.RULE_STAGE_LIVE, Set.of("acme", "bolt"), named("failed_logon")));
    requireUnreferable(
        "runs for tenants acme, bolt alone, and this is for all tenants",
        "deploy that rule for all tenants too, or this one for tenants acme, bolt alone");
    assertThat(changes.deploy(to(RuleStage.RULE_STAGE_LIVE, Set.of("acme"), many(3))).revision())
        .isEqualTo(4);
    changes.retire(step(MANY));

    changes.deploy(to(RuleStage.RULE_STAGE_LIVE, Set.of(), named("failed_logon")));
    changes.deploy(to(RuleStage.RULE_STAGE_SHADOW, Set.of(), named("failed_logon")));
    assertThat(changes.deploy(order(0, List.of(many(3)))).revision())
        .as("what is in shadow for all feeds what is live")
        .isEqualTo(8);
    String broken = "many.yml would not compile any more";
    requireRefused(() -> changes.retire(step(BASE)), broken, "failed_logon");
    requireRefused(
        () -> changes.deploy(to(RuleStage.RULE_STAGE_DRAFT, Set.of(), named("failed_logon"))),
        broken);
    requireRefused(
        () -> changes.deploy(to(RuleStage.RULE_STAGE_LIVE, Set.of(), named("logon_failed"))),
        broken);
    changes.deploy(to(RuleStage.RULE_STAGE_LIVE, Set.of("acme"), named("logon_failed")));
    assertThat(changes.retire(step(MANY)).revision()).as("refusals wrote nothing").isEqualTo(10);
    changes.deploy(to(RuleStage.RULE_STAGE_LIVE, Set.of(), named("logon_failed")));
    RuleSource other =
        new RuleSource("many.yml", many(3).text().replace("failed_logon", "logon_failed"));
    assertThat(changes.deploy(order(0, List.of(other))).revision()).isPositive();
    requireRefused(() -> changes.rollback(step(BASE), OptionalInt.of(1)), broken, "logon_failed");
  }

  private void requireUnreferable(String why, String remedy) {
    Outcome refused = changes.deploy(order(0, List.of(many(3))));
    assertThat(refused.revision()).isZero();
    assertThat(refused.diagnostics())
        .filteredOn(Diagnostic::isError)
        .singleElement()
        .satisfies(
            error -> {
              assertThat(error.code()).isEqualTo("TW-E1601");
              assertThat(error.message())
                  .contains("correlation.rules", "'failed_logon'", "Failed Logon", BASE, why);
              assertThat(error.remedy()).isEqualTo(remedy);
              assertThat(error.line()).isEqualTo(7);
            });
  }

  @Test
  void aRuleThatTheCallerDoesNotSeeIsNotNamed() {
    changes.deploy(to(RuleStage.RULE_STAGE_LIVE, Set.of("acme"), base("EventID: 1")));
    changes.deploy(to(RuleStage.RULE_STAGE_LIVE, Set.of("acme"), many(3)));
    Step byEve =
        new Step(BASE, 0, new Revisions.Note("user:eve@bolt", "retired", ""), Set.of(), book -> {});
    assertThatThrownBy(() -> changes.retire(byEve))
        .isInstanceOf(RefusedDeploymentException.class)
        .hasMessageContaining("a rule of another tenant depends on what this changes")
        .hasMessageNotContainingAny("many", "Many", MANY, "acme", "failed_logon");
  }

  @Test
  void whatRunsIsFollowedAndCounted() throws Exception {
    Compilation start = new SigmaCompiler().compile(List.of(base("EventID: 1")));
    RuleTopic.createStatus(kafka, name + ".status");
    try (RunningRules running =
            RunningRules.follow(topic, name + ".status", () -> start, new DeployedSet());
        KafkaProducer<byte[], byte[]> subtask =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", KAFKA.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      assertThat(running.compilation().rules()).isEqualTo(start.rules());
      changes.deploy(order(0, List.of(base("EventID: 4625"))));
      changes.deploy(order(0, List.of(base("EventID: 4626"))));
      Outcome back = changes.rollback(step(BASE), OptionalInt.empty());
      await().atMost(PATIENCE).until(() -> running.book().revision() == back.revision());
      assertThat(running.compilation().rules()).extracting(SigmaRule::version).containsExactly(1);
      assertThat(running.compilation()).isSameAs(running.compilation());

      for (int i = 0; i < 2; i++) {
        subtask.send(
            new ProducerRecord<>(name + ".status", report(i, back.revision() - i).toByteArray()));
      }
      await().atMost(PATIENCE).until(() -> running.reports().size() == 2);
      RuleSetStatus status =
          new StatusReport(running.book(), 3, running.reports())
              .of(entry -> true, new Sight("acme", true));
      assertThat(status.getSubtasks()).isEqualTo(2);
      assertThat(status.getActive()).isEqualTo(1);
      assertThat(status.getRules(0).getMatches()).isEqualTo(10);
      assertThat(status.getRules(0).getVersion()).isEqualTo(1);

      subtask.send(
          new ProducerRecord<>(
              name + ".status", report(1, 1).toBuilder().setEnded(true).build().toByteArray()));
      await().atMost(PATIENCE).until(() -> running.reports().size() == 1);
    }
  }

  private static SubtaskRules report(int index, long revision) {
    return SubtaskRules.newBuilder()
        .setJobId("job")
        .setOperator("match")
        .setSubtask(index)
        .setParallelism(2)
        .setRevision(revision)
        .addRules(RuleCount.newBuilder().setRuleId(BASE).setVersion(1).setMatches(5))
        .build();
  }
}
