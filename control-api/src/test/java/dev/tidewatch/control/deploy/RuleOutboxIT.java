package dev.tidewatch.control.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.database.DatabaseUnavailableException;
import dev.tidewatch.control.database.LocalDatabases;
import dev.tidewatch.control.deploy.DeploymentWatch.Step;
import dev.tidewatch.control.deploy.RuleChanges.Order;
import dev.tidewatch.control.deploy.RuleChanges.Target;
import dev.tidewatch.deploy.Deployment;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.deploy.RuleTopic;
import dev.tidewatch.embedded.junit.KafkaExtension;
import dev.tidewatch.embedded.junit.PostgresExtension;
import dev.tidewatch.events.v1.RuleRevision;
import dev.tidewatch.events.v1.RuleStage;
import dev.tidewatch.events.v1.RuleVersion;
import dev.tidewatch.sigma.RuleDocument;
import dev.tidewatch.sigma.RuleSource;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * No version is lost, doubled or reordered between PostgreSQL and Kafka, wherever either dies. What
 * each test ends with is read from the topic record by record.
 */
class RuleOutboxIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();
  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Target LIVE = new Target(RuleStage.RULE_STAGE_LIVE, Set.of());

  private final RuleTopic topic =
      new RuleTopic(
          Map.of("bootstrap.servers", KAFKA.bootstrapServers()), "rules-" + UUID.randomUUID());
  private final RuleHome home = new RuleHome();
  private final AtomicReference<DeploymentWatch> probe =
      new AtomicReference<>(DeploymentWatch.NONE);
  private final List<RuleRelay> relays = new ArrayList<>();
  private ControlDatabase database;

  @BeforeEach
  void empty() {
    database = LocalDatabases.open(POSTGRES.postgres());
    Jdbi.create(LocalDatabases.superuserUrl(POSTGRES.postgres()))
        .useHandle(
            handle ->
                handle.execute(
                    "TRUNCATE rule_head, rule_records, rule_versions, rule_changes, rule_outbox"));
  }

  @AfterEach
  void close() {
    relays.forEach(RuleRelay::close);
    database.close();
  }

  private RuleRelay relay() {
    RuleRelay relay =
        new RuleRelay(
            database,
            home,
            topic,
            () -> RuleBook.EMPTY,
            Clock.systemUTC(),
            (point, revision) -> probe.get().at(point, revision));
    relays.add(relay);
    return relay;
  }

  /** A relay that has read the topic once. */
  private RuleRelay running() {
    RuleRelay relay = relay().start();
    await().atMost(PATIENCE).until(() -> relay.awaitPublished(0, Duration.ofSeconds(1)));
    return relay;
  }

  private static String id(int rule) {
    return "6d3c1d5a-7f43-4a53-9a39-0b1a5b1b6a%02d".formatted(rule);
  }

  private static RuleSource rule(int rule, int event) {
    return new RuleSource(
        "r%d.yml".formatted(rule),
        """
        title: Rule %d
        id: %s
        logsource:
          product: windows
          service: security
        detection:
          selection:
            EventID: %d
          condition: selection
        """
            .formatted(rule, id(rule), event));
  }

  /** As the API does, which nudges its relay. */
  private long deploy(RuleSource... files) {
    long revision = record(files);
    relays.forEach(RuleRelay::nudge);
    return revision;
  }

  private long record(RuleSource... files) {
    return record(database, files);
  }

  private long record(ControlDatabase where, RuleSource... files) {
    return where
        .inTenant(
            "acme",
            transaction ->
                new RuleChanges(
                        new RecordedRevisions(
                            home, transaction, Clock.systemUTC().instant(), DeploymentWatch.NONE),
                        new DeployedSet(),
                        Clock.systemUTC())
                    .deploy(Order.of("ann", List.of(files), LIVE, 0, false)))
        .revision();
  }

  /** As a job does with its directory, past the control database. */
  private long directory(RuleSource... files) {
    topic.create();
    return topic
        .change(
            book -> {
              Deployment deployment = new Deployment(book, "job", Clock.systemUTC());
              Set<String> unused = deployment.directory(RuleDocument.of(List.of(files)));
              return deployment.plan();
            })
        .after()
        .revision();
  }

  /** As it is in the tables, which is also what is kept of it in memory. */
  private RuleBook recorded() {
    RuleBook read = recorded(new RuleHome());
    assertThat(recorded(home)).as("kept").isEqualTo(read);
    return read;
  }

  private RuleBook recorded(RuleHome from) {
    return database.inTenant(
        ControlDatabase.SYSTEM,
        transaction -> from.book(transaction, from.head(transaction).orElseThrow()));
  }

  private boolean isSettled() {
    return database.inTenant(
        ControlDatabase.SYSTEM,
        transaction ->
            home.head(transaction).orElseThrow().isPublished()
                && home.nextWaiting(transaction).isEmpty());
  }

  private void awaitSettled() {
    await().atMost(PATIENCE).ignoreExceptions().until(this::isSettled);
  }

  /** The committed markers, in the order of the topic. Each version once, and never two texts. */
  private List<Long> revisions() throws Exception {
    List<Long> markers = new ArrayList<>();
    Map<String, String> texts = new HashMap<>();
    Set<String> seen = new HashSet<>();
    try (Consumer<byte[], byte[]> consumer = topic.consumer()) {
      long end = consumer.endOffsets(List.of(topic.partition())).get(topic.partition());
      while (consumer.position(topic.partition()) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          String key = new String(record.key(), StandardCharsets.UTF_8);
          if (key.equals("r")) {
            markers.add(RuleRevision.parseFrom(record.value()).getRevision());
          } else if (key.startsWith("v/") && record.value() != null) {
            assertThat(seen.add(key)).as("%s is there twice", key).isTrue();
            texts.put(key, RuleVersion.parseFrom(record.value()).getHash());
          }
        }
      }
    }
    return markers;
  }

  private static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  @Test
  void revisionsComeInOrderAndOnce() throws Exception {
    RuleRelay relay = running();
    for (int i = 1; i <= 5; i++) {
      assertThat(deploy(rule(1, i), rule(2, 10 * i))).isEqualTo(i);
      assertThat(relay.awaitPublished(i, PATIENCE)).isTrue();
    }
    assertThat(revisions()).isEqualTo(upTo(5));
    assertThat(topic.read()).isEqualTo(recorded());
    assertThat(isSettled()).isTrue();
    assertThat(deploy(rule(1, 5))).as("nothing new").isEqualTo(5);
  }

  @Test
  void whatDiedBeforeKafkaIsToldByTheNextInOrder() throws Exception {
    running();
    probe.set(RuleOutboxIT::die);
    for (int i = 1; i <= 4; i++) {
      deploy(rule(1, i));
    }
    assertThat(topic.read().revision()).isZero();

    probe.set((point, revision) -> {});
    awaitSettled();
    assertThat(revisions()).isEqualTo(upTo(4));
    assertThat(topic.read()).isEqualTo(recorded());
  }

  private static void die(Step point, long revision) {
    throw new IllegalStateException("dies " + point);
  }

  @Test
  void whatDiedBehindKafkaIsNotToldAgain() throws Exception {
    running();
    probe.set(
        (point, revision) -> {
          if (point == Step.WRITTEN) {
            die(point, revision);
          }
        });
    deploy(rule(1, 1));
    deploy(rule(1, 2));
    await().atMost(PATIENCE).until(() -> topic.read().revision() == 2);

    probe.set((point, revision) -> {});
    awaitSettled();
    assertThat(revisions()).isEqualTo(upTo(2));
  }

  @Test
  void twoServersTellTheSameOutboxOnce() throws Exception {
    running();
    running();
    for (int i = 1; i <= 10; i++) {
      deploy(rule(1, i));
      relays.get(i % 2).nudge();
    }
    awaitSettled();
    assertThat(revisions()).isEqualTo(upTo(10));
    assertThat(topic.read()).isEqualTo(recorded());
  }

  @Test
  void aTopicThatIsThereIsAdopted() throws Exception {
    directory(rule(1, 1), rule(2, 2));
    directory(rule(1, 3), rule(2, 2));

    running();
    assertThat(recorded()).isEqualTo(topic.read());
    assertThat(record(rule(2, 9))).as("found without a nudge").isEqualTo(3);
    awaitSettled();
    assertThat(revisions()).isEqualTo(upTo(3));
    List<String> history =
        database.inTenant(
            ControlDatabase.SYSTEM,
            transaction ->
                transaction
                    .query(
                        "SELECT action || ' ' || version FROM rule_changes WHERE tenant_id = :tenant"
                            + " ORDER BY revision, rule_id")
                    .mapTo(String.class)
                    .list());
    assertThat(history).containsExactly("directory 2", "directory 1", "created 2");
  }

  @Test
  void aTopicThatWasLostIsToldAllOfIt() throws Exception {
    running();
    deploy(rule(1, 1));
    deploy(rule(1, 2), rule(2, 1));
    awaitSettled();
    RuleBook before = recorded();
    relays.forEach(RuleRelay::close);
    try (Admin admin = KAFKA.kafka().admin()) {
      admin.deleteTopics(List.of(topic.topic())).all().get();
      await()
          .atMost(PATIENCE)
          .until(() -> !admin.listTopics().names().get().contains(topic.topic()));
    }

    running();
    awaitSettled();
    RuleBook again = topic.read();
    assertThat(again).isEqualTo(recorded());
    assertThat(again.revision()).isGreaterThan(before.revision());
    assertThat(again.entries().get(id(1)).versions())
        .isEqualTo(before.entries().get(id(1)).versions());
    assertThat(again.entries().get(id(1)).main().orElseThrow().getVersion()).isEqualTo(2);
    assertThat(revisions()).hasSize(1);
  }

  @Test
  void aDirectoryThatAJobDeployedWhileRevisionsWaitedKeepsBoth() throws Exception {
    directory(rule(1, 1), rule(2, 1));
    running();
    probe.set(RuleOutboxIT::die);
    deploy(rule(1, 5));
    directory(rule(1, 7), rule(2, 8));

    probe.set((point, revision) -> {});
    awaitSettled();
    RuleBook both = topic.read();
    assertThat(both).isEqualTo(recorded());
    assertThat(revisions()).isSorted().doesNotHaveDuplicates();
    assertThat(source(both, 1)).as("by hand, and it stays").contains("EventID: 5");
    assertThat(both.entries().get(id(1)).main().orElseThrow().getVersion()).isEqualTo(3);
    assertThat(source(both, 2)).contains("EventID: 8");
  }

  private static String source(RuleBook book, int rule) {
    RuleBook.Entry entry = book.entries().get(id(rule));
    return entry.version(entry.main().orElseThrow().getVersion()).getSource();
  }

  @Test
  void beforeTheTopicWasReadNothingCanBeDeployed() {
    assertThatThrownBy(() -> deploy(rule(1, 1))).hasMessageContaining("nothing was deployed");
  }

  @Test
  void whatWasDeployedWhileKafkaWasAwayIsToldWhenItIsBack() throws Exception {
    kafkaAwayFor(Duration.ofSeconds(3));
  }

  @Test
  @EnabledIfSystemProperty(named = "tidewatch.nightly", matches = "true")
  void whatWasDeployedInAMinuteWithoutKafkaIsToldWhenItIsBack() throws Exception {
    kafkaAwayFor(Duration.ofMinutes(1));
  }

  private void kafkaAwayFor(Duration outage) throws Exception {
    RuleRelay relay = running();
    deploy(rule(1, 1));
    awaitSettled();
    KAFKA.kafka().stop();
    try {
      long end = System.nanoTime() + outage.toNanos();
      int deployed = 1;
      do {
        deploy(rule(1, ++deployed));
        assertThat(relay.awaitPublished(deployed, Duration.ofMillis(500))).isFalse();
      } while (System.nanoTime() < end);
      assertThat(isSettled()).isFalse();
      KAFKA.kafka().start();
      awaitSettled();
      assertThat(revisions()).isEqualTo(upTo(deployed));
      assertThat(topic.read()).isEqualTo(recorded());
    } finally {
      KAFKA.kafka().start();
    }
  }

  @Test
  void postgresThatDiesBehindKafkaFindsTheRevisionThere() throws Exception {
    postgresAwayFor(Duration.ofSeconds(1), Step.WRITTEN);
  }

  @Test
  void postgresThatDiesBeforeKafkaHasTheRevisionStill() throws Exception {
    postgresAwayFor(Duration.ofSeconds(1), Step.TAKEN);
  }

  @Test
  @EnabledIfSystemProperty(named = "tidewatch.nightly", matches = "true")
  void aMinuteWithoutPostgresAtEachStepLosesNothing() throws Exception {
    for (Step point : List.of(Step.TAKEN, Step.WRITTEN)) {
      postgresAwayFor(Duration.ofMinutes(1), point);
    }
  }

  private void postgresAwayFor(Duration outage, Step when) throws Exception {
    running();
    long before = recorded().revision();
    try (ControlDatabase impatient =
        LocalDatabases.open(POSTGRES.postgres(), Duration.ofMillis(500))) {
      postgresAwayFor(outage, when, before, impatient);
    }
  }

  private void postgresAwayFor(Duration outage, Step when, long before, ControlDatabase impatient)
      throws Exception {
    probe.set(
        (point, revision) -> {
          if (point == when) {
            probe.set((p, r) -> {});
            POSTGRES.postgres().stop();
          }
        });
    long recorded = deploy(rule(1, 100 + when.ordinal()));
    await().atMost(PATIENCE).until(() -> !POSTGRES.postgres().isAlive());
    assertThatThrownBy(() -> record(impatient, rule(1, 200)))
        .isInstanceOf(DatabaseUnavailableException.class);
    await().pollDelay(outage).atMost(outage.plus(PATIENCE)).until(() -> true);
    POSTGRES.postgres().start();

    awaitSettled();
    assertThat(recorded).isEqualTo(before + 1);
    assertThat(revisions()).isEqualTo(upTo(recorded));
    assertThat(topic.read()).isEqualTo(recorded());
  }
}
