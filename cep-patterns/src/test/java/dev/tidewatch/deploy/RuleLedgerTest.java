package dev.tidewatch.deploy;

import static dev.tidewatch.deploy.SampleRules.id;
import static dev.tidewatch.deploy.SampleRules.rule;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.events.v1.RuleStage;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RuleLedgerTest {
  private final RuleLedger ledger = new RuleLedger();
  private RuleBook book = RuleBook.EMPTY;

  private List<RuleRecord> deploy(int number, String value) {
    Deployment deployment = new Deployment(book, "ann", Clock.systemUTC());
    int unused = deployment.deploy(rule(number, value), RuleStage.RULE_STAGE_LIVE, Set.of());
    Deployment.Plan plan = deployment.plan();
    book = plan.after();
    return plan.records();
  }

  private void feed(List<RuleRecord> records) {
    records.forEach(record -> ledger.accept(record.key(), record.value()));
  }

  private int running(int number) {
    return Objects.requireNonNull(ledger.book().entries().get(id(number)))
        .main()
        .orElseThrow()
        .getVersion();
  }

  @Test
  void aRevisionIsTakenWithItsMarkerAndNotBefore() {
    List<RuleRecord> records = deploy(1, "a");
    feed(records.subList(0, records.size() - 1));
    assertThat(ledger.book().revision()).isZero();

    feed(records.subList(records.size() - 1, records.size()));

    assertThat(ledger.book()).isEqualTo(book);
  }

  @Test
  void whatComesAgainOrLateChangesNothing() {
    List<RuleRecord> first = deploy(1, "a");
    List<RuleRecord> second = deploy(1, "b");
    feed(first);
    feed(second);

    feed(first);
    feed(second);

    assertThat(ledger.book()).isEqualTo(book);
    assertThat(running(1)).isEqualTo(2);
    assertThat(ledger.refusal()).isEmpty();
  }

  @Test
  void orderComesFromNumbersNotFromArrival() {
    List<RuleRecord> first = deploy(1, "a");
    List<RuleRecord> second = deploy(1, "b");
    List<RuleRecord> third = deploy(2, "c");
    List<RuleRecord> all = new ArrayList<>(first);
    all.addAll(second);
    all.addAll(third);
    for (int seed = 0; seed < 50; seed++) {
      RuleLedger shuffled = new RuleLedger();
      List<RuleRecord> order = new ArrayList<>(all);
      Collections.shuffle(order, new Random(seed));
      long last = 0;
      for (int round = 0; round < 2; round++) {
        for (RuleRecord record : order) {
          shuffled.accept(record.key(), record.value());
          assertThat(shuffled.book().revision()).isGreaterThanOrEqualTo(last);
          last = shuffled.book().revision();
        }
      }
      assertThat(shuffled.book()).as("seed " + seed).isEqualTo(book);
    }
  }

  @Test
  void aSetThatDoesNotAgreeWithItsHashIsRefusedAndTheOldOneStays() {
    feed(deploy(1, "a"));
    RuleBook before = ledger.book();
    List<RuleRecord> records = new ArrayList<>(deploy(1, "b"));
    records.remove(1);
    feed(records);

    assertThat(ledger.book()).isEqualTo(before);
    assertThat(ledger.refusal()).map(RuleLedger.Refusal::revision).contains(2L);

    feed(deploy(2, "c"));
    assertThat(ledger.book()).as("3 needs what 2 lost").isEqualTo(before);
  }

  @Test
  void textThatWasTamperedWithIsRefused() {
    List<RuleRecord> records = deploy(1, "a");
    byte[] text = Objects.requireNonNull(records.get(0).value()).clone();
    int at = new String(text, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("rule 1");
    text[at] = 'R';
    ledger.accept(records.get(0).key(), text);
    feed(records.subList(1, records.size()));

    assertThat(ledger.book().revision()).isZero();
    assertThat(ledger.refusal()).isPresent();
  }

  @Test
  void whatIsNoRecordIsReportedAndPassedOver() {
    ledger.accept("x/1".getBytes(UTF_8), new byte[] {1});
    assertThat(ledger.refusal()).map(RuleLedger.Refusal::why).get().asString().contains("x/1");
    ledger.accept("r".getBytes(UTF_8), new byte[] {(byte) 0xff});
    assertThat(ledger.refusal()).isPresent();

    feed(deploy(1, "a"));

    assertThat(ledger.book().revision()).isEqualTo(1);
    assertThat(ledger.refusal()).isEmpty();
  }

  private List<RuleRecord> lists(String tenant, Map<String, Deployment.ValueList> lists) {
    Deployment deployment = new Deployment(book, "ann", Clock.systemUTC());
    deployment.valueLists(tenant, lists);
    Deployment.Plan plan = deployment.plan();
    book = plan.after();
    return plan.records();
  }

  private static Deployment.ValueList list(int version, String... entries) {
    return new Deployment.ValueList(version, List.of(entries));
  }

  @Test
  void valueListsAreOfTheirRevisionWhateverTheOrderOfArrival() {
    List<RuleRecord> all = new ArrayList<>(lists("acme", Map.of("admins", list(1, "root"))));
    all.addAll(deploy(1, "a"));
    all.addAll(lists("acme", Map.of("admins", list(2, "root", "ann"), "servers", list(1, "dc1"))));
    all.addAll(lists("other", Map.of("admins", list(1, "bob"))));
    all.addAll(lists("acme", Map.of("servers", list(1, "dc1"))));
    for (int seed = 0; seed < 50; seed++) {
      RuleLedger shuffled = new RuleLedger();
      List<RuleRecord> order = new ArrayList<>(all);
      Collections.shuffle(order, new Random(seed));
      for (int round = 0; round < 2; round++) {
        order.forEach(record -> shuffled.accept(record.key(), record.value()));
      }
      assertThat(shuffled.book()).as("seed " + seed).isEqualTo(book);
      assertThat(shuffled.book().lists().byTenant())
          .isEqualTo(
              Map.of(
                  "acme", Map.of("servers", List.of("dc1")),
                  "other", Map.of("admins", List.of("bob"))));
    }
  }

  @Test
  void listsThatAreTheSameAreNoRevision() {
    feed(lists("acme", Map.of("admins", list(1, "root"))));
    assertThat(lists("acme", Map.of("admins", list(1, "root")))).isEmpty();
    assertThat(ledger.book()).isEqualTo(book);
  }

  @Test
  void aRevisionWhoseListWasLostOrTamperedWithIsRefused() {
    feed(lists("acme", Map.of("admins", list(1, "root"))));
    RuleBook before = ledger.book();
    List<RuleRecord> records = lists("acme", Map.of("admins", list(2, "ann")));
    feed(records.subList(1, records.size()));
    assertThat(ledger.book()).isEqualTo(before);

    byte[] list = Objects.requireNonNull(records.get(0).value()).clone();
    list[new String(list, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("ann")] = 'A';
    ledger.accept(records.get(0).key(), list);
    feed(records.subList(1, records.size()));
    assertThat(ledger.book()).isEqualTo(before);
    assertThat(ledger.refusal()).map(RuleLedger.Refusal::revision).contains(2L);

    feed(records);
    assertThat(ledger.book()).isEqualTo(book);
  }

  /** Compaction keeps the newest record of each key, in place of its last writing. */
  @Test
  void aCompactedTopicGivesTheSameBook() {
    List<RuleRecord> all = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      all.addAll(deploy(i % 3, "v" + i));
    }
    Map<String, RuleRecord> compacted = new LinkedHashMap<>();
    for (RuleRecord record : all) {
      String key = new String(record.key(), UTF_8);
      compacted.remove(key);
      compacted.put(key, record);
    }

    feed(List.copyOf(compacted.values()));

    assertThat(ledger.book()).isEqualTo(book);
    assertThat(Arrays.asList(0, 1, 2))
        .allSatisfy(number -> assertThat(running(number)).isPositive());
  }
}
