package dev.tidewatch.deploy;

import static dev.tidewatch.deploy.SampleRules.id;
import static dev.tidewatch.deploy.SampleRules.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidewatch.deploy.Deployment.Plan;
import dev.tidewatch.events.v1.PlacedVersion;
import dev.tidewatch.events.v1.RuleStage;
import dev.tidewatch.sigma.RuleDocument;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Books that went apart. A follower that has read the topic's records takes what is merged. */
class RuleMergeTest {
  private static final String AUTHOR = "ann";

  /** A topic: its records, in order. */
  private static final class Topic {
    private final List<RuleRecord> records = new ArrayList<>();

    RuleBook change(Consumer<Deployment> how) {
      Deployment deployment = new Deployment(read(), AUTHOR, Clock.systemUTC());
      how.accept(deployment);
      records.addAll(deployment.plan().records());
      return read();
    }

    RuleBook read() {
      return follower().book();
    }

    RuleLedger follower() {
      RuleLedger ledger = new RuleLedger();
      records.forEach(record -> ledger.accept(record.key(), record.value()));
      return ledger;
    }
  }

  private static Consumer<Deployment> live(RuleDocument... documents) {
    return deployment -> {
      for (RuleDocument document : documents) {
        int unused = deployment.deploy(document, RuleStage.RULE_STAGE_LIVE, Set.of());
      }
    };
  }

  private static Consumer<Deployment> directory(RuleDocument... documents) {
    return deployment -> {
      Set<String> unused = deployment.directory(List.of(documents));
    };
  }

  /** Pending revisions: what a deployment makes of a book that the topic does not hear of. */
  private static RuleBook pending(RuleBook base, Consumer<Deployment> how) {
    Deployment deployment = new Deployment(base, AUTHOR, Clock.systemUTC());
    how.accept(deployment);
    return deployment.plan().after();
  }

  /** What every reader of the topic has after the merge, late ones and those that read along. */
  private static RuleBook merged(RuleBook recorded, long published, Topic topic) {
    RuleLedger follower = topic.follower();
    Plan plan = RuleMerge.plan(recorded, published, topic.read(), AUTHOR, 1, RuleMergeTest::broken);
    for (RuleRecord record : plan.records()) {
      var unused = follower.accept(record.key(), record.value());
    }
    topic.records.addAll(plan.records());
    assertThat(follower.refusal()).isEmpty();
    assertThat(follower.book()).isEqualTo(plan.after());
    assertThat(topic.read()).isEqualTo(plan.after());
    assertThat(
            RuleMerge.plan(
                plan.after(),
                plan.after().revision(),
                topic.read(),
                AUTHOR,
                1,
                RuleMergeTest::broken))
        .as("a second time there is nothing to do")
        .returns(true, Plan::isEmpty);
    return plan.after();
  }

  /** Running rules that name one by "needs" in their text, which does not run. */
  private static Set<String> broken(RuleBook book) {
    Set<String> broken = new TreeSet<>();
    for (RuleBook.Entry entry : book.entries().values()) {
      entry
          .running()
          .map(placed -> entry.version(placed.getVersion()).getSource())
          .filter(text -> text.contains("needs-"))
          .map(text -> Integer.parseInt(text.replaceAll("(?s).*needs-(\\d+).*", "$1")))
          .filter(
              needed ->
                  !book.entries().containsKey(id(needed))
                      || book.entries().get(id(needed)).running().findAny().isEmpty())
          .forEach(needed -> broken.add(entry.placement().getRuleId()));
    }
    return broken;
  }

  @Test
  void whatBothTogetherBreakIsADraftAndWhatNeedsThatToo() {
    Topic topic = new Topic();
    RuleBook start = topic.change(directory(rule(1, "a"), rule(4, "d")));
    RuleBook mine =
        pending(start, live(rule(2, "needs-1"), rule(3, "needs-2"), rule(5, "needs-4")));
    topic.change(directory(rule(4, "d")));

    RuleBook both = merged(mine, start.revision(), topic);
    assertThat(broken(both)).isEmpty();
    assertThat(both.entries().get(id(2)).placement().getVersionsList())
        .extracting(PlacedVersion::getStage, PlacedVersion::getVersion)
        .containsExactly(tuple(RuleStage.RULE_STAGE_DRAFT, 1));
    assertThat(both.entries().get(id(3)).running()).as("needs the draft").isEmpty();
    assertThat(runs(both, 5)).isEqualTo("1 needs-4");
    assertThat(runs(both, 4)).isEqualTo("1 d");
  }

  private static String runs(RuleBook book, int rule) {
    RuleBook.Entry entry = book.entries().get(id(rule));
    PlacedVersion placed = entry.main().orElseThrow();
    String source = entry.version(placed.getVersion()).getSource();
    return placed.getVersion() + " " + source.replaceAll("(?s).*Image: (\\S+).*", "$1");
  }

  @Test
  void aTopicThatWentOnIsAdopted() {
    Topic topic = new Topic();
    RuleBook recorded = topic.change(live(rule(1, "a")));
    RuleBook grown = topic.change(directory(rule(2, "b")));

    Plan plan =
        RuleMerge.plan(recorded, recorded.revision(), grown, AUTHOR, 1, RuleMergeTest::broken);
    assertThat(plan.isEmpty()).isTrue();
    assertThat(plan.after()).isEqualTo(grown);
  }

  @Test
  void anEmptyDatabaseAdoptsAndAnEmptyTopicIsToldAll() {
    Topic topic = new Topic();
    RuleBook filled = topic.change(live(rule(1, "a"), rule(2, "b")));
    assertThat(RuleMerge.plan(RuleBook.EMPTY, 0, filled, AUTHOR, 1, RuleMergeTest::broken).after())
        .isEqualTo(filled);

    RuleBook again = merged(filled, filled.revision(), new Topic());
    assertThat(again.revision()).isEqualTo(2);
    assertThat(runs(again, 1)).isEqualTo("1 a");
    assertThat(runs(again, 2)).isEqualTo("1 b");
  }

  @Test
  void whatWaitsStandsOverADirectoryAndGetsANumberOfItsOwn() {
    Topic topic = new Topic();
    RuleBook base = topic.change(directory(rule(1, "a"), rule(2, "a")));
    RuleBook recorded = pending(base, live(rule(1, "hand"), rule(3, "new")));
    topic.change(directory(rule(1, "dir"), rule(2, "dir")));

    RuleBook both = merged(recorded, base.revision(), topic);
    assertThat(both.revision()).isEqualTo(3);
    assertThat(runs(both, 1)).isEqualTo("3 hand");
    assertThat(both.entries().get(id(1)).version(2).getSource()).contains("dir");
    assertThat(runs(both, 2)).isEqualTo("2 dir");
    assertThat(runs(both, 3)).isEqualTo("1 new");
  }

  @Test
  void aTextThatBothMadeHasOneNumber() {
    Topic topic = new Topic();
    RuleBook base = topic.change(directory(rule(1, "a")));
    RuleBook recorded = pending(base, live(rule(1, "same")));
    topic.change(directory(rule(1, "same")));

    assertThat(runs(merged(recorded, base.revision(), topic), 1)).isEqualTo("2 same");
  }

  @Test
  void aTopicThatWasLostAndBegunAnewByADirectoryHasNoNumberTwice() {
    Topic old = new Topic();
    old.change(directory(rule(1, "one"), rule(2, "two")));
    old.change(directory(rule(1, "uno"), rule(2, "two")));
    RuleBook recorded = old.change(live(rule(2, "hand")));
    Topic topic = new Topic();
    topic.change(directory(rule(1, "uno"), rule(2, "two"), rule(3, "three")));

    RuleBook both = merged(recorded, recorded.revision(), topic);
    assertThat(both.revision()).isGreaterThan(recorded.revision());
    assertThat(runs(both, 1)).as("1 means two texts now, so nobody has it").isEqualTo("2 uno");
    assertThat(both.entries().get(id(1)).versions()).doesNotContainKey(1);
    assertThat(runs(both, 2)).isEqualTo("2 hand");
    assertThat(runs(both, 3)).isEqualTo("1 three");
  }

  @Test
  void followersOfTheLostTopicTakeWhatIsToldAgain() {
    Topic old = new Topic();
    old.change(directory(rule(1, "one"), rule(2, "two")));
    RuleBook recorded = old.change(live(rule(2, "hand")));
    RuleLedger follower = old.follower();

    Plan plan =
        RuleMerge.plan(
            recorded, recorded.revision(), RuleBook.EMPTY, AUTHOR, 1, RuleMergeTest::broken);
    for (RuleRecord record : plan.records()) {
      var unused = follower.accept(record.key(), record.value());
    }
    assertThat(follower.book()).isEqualTo(plan.after());
  }

  @Test
  void valueListsComeFromTheDatabase() {
    Topic topic = new Topic();
    RuleBook base = topic.change(directory(rule(1, "a")));
    Deployment.ValueList hosts = new Deployment.ValueList(1, List.of("ws-01"));
    RuleBook recorded =
        pending(base, deployment -> deployment.valueLists("acme", Map.of("hosts", hosts)));
    topic.change(directory(rule(1, "b")));

    RuleBook both = merged(recorded, base.revision(), topic);
    assertThat(both.lists().byTenant().get("acme").get("hosts")).containsExactly("ws-01");
    assertThat(merged(both, both.revision(), new Topic()).lists().byTenant()).containsKey("acme");
  }
}
