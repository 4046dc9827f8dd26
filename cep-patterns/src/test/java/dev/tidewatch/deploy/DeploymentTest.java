package dev.tidewatch.deploy;

import static dev.tidewatch.deploy.SampleRules.id;
import static dev.tidewatch.deploy.SampleRules.rule;
import static dev.tidewatch.events.v1.RuleStage.RULE_STAGE_DRAFT;
import static dev.tidewatch.events.v1.RuleStage.RULE_STAGE_LIVE;
import static dev.tidewatch.events.v1.RuleStage.RULE_STAGE_SHADOW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewatch.events.v1.RuleStage;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeploymentTest {
  private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
  private RuleBook book = RuleBook.EMPTY;

  private Deployment next() {
    return new Deployment(book, "ann", CLOCK);
  }

  private Deployment.Plan take(Deployment deployment) {
    Deployment.Plan plan = deployment.plan();
    book = plan.after();
    return plan;
  }

  private void deploy(int number, String value, RuleStage stage, String... tenants) {
    Deployment deployment = next();
    int unused = deployment.deploy(rule(number, value), stage, Set.of(tenants));
    take(deployment);
  }

  /** {@code 2:LIVE[acme]}, one for each placed version. */
  private List<String> placement(int number) {
    return Objects.requireNonNull(book.entries().get(id(number)))
        .placement()
        .getVersionsList()
        .stream()
        .map(
            v ->
                v.getVersion()
                    + ":"
                    + v.getStage().name().replace("RULE_STAGE_", "")
                    + (v.getTenantsCount() == 0 ? "" : v.getTenantsList()))
        .toList();
  }

  @Test
  void anotherTextIsTheNextVersionAndAKnownOneKeepsItsNumber() {
    deploy(1, "a", RULE_STAGE_LIVE);
    deploy(1, "b", RULE_STAGE_LIVE);
    assertThat(placement(1)).containsExactly("2:LIVE");

    deploy(1, "a", RULE_STAGE_LIVE);

    assertThat(placement(1)).containsExactly("1:LIVE");
    assertThat(book.revision()).isEqualTo(3);
  }

  @Test
  void whatIsAsItWasMakesNoRevision() {
    deploy(1, "a", RULE_STAGE_LIVE);
    Deployment again = next();
    int version = again.deploy(rule(1, "a"), RULE_STAGE_LIVE, Set.of());

    assertThat(version).isEqualTo(1);
    assertThat(take(again).isEmpty()).isTrue();
    assertThat(book.revision()).isEqualTo(1);
  }

  @Test
  void aShadowRunsBesideWhatIsLiveUntilItIsPromoted() {
    deploy(1, "a", RULE_STAGE_LIVE);
    deploy(1, "b", RULE_STAGE_SHADOW);
    assertThat(placement(1)).containsExactly("1:LIVE", "2:SHADOW");

    deploy(1, "b", RULE_STAGE_LIVE);

    assertThat(placement(1)).containsExactly("2:LIVE");
  }

  @Test
  void aCanaryTakesItsTenantsOnly() {
    deploy(1, "a", RULE_STAGE_LIVE);
    deploy(1, "b", RULE_STAGE_LIVE, "acme", "bolt");
    assertThat(placement(1)).containsExactly("1:LIVE", "2:LIVE[acme, bolt]");

    deploy(1, "c", RULE_STAGE_LIVE, "bolt");
    assertThat(placement(1)).containsExactly("1:LIVE", "2:LIVE[acme]", "3:LIVE[bolt]");

    deploy(1, "c", RULE_STAGE_LIVE);
    assertThat(placement(1)).containsExactly("3:LIVE");
  }

  @Test
  void aVersionIsPlacedOnce() {
    deploy(1, "a", RULE_STAGE_LIVE);
    deploy(1, "a", RULE_STAGE_SHADOW, "acme");
    assertThat(placement(1)).as("it is live there already").containsExactly("1:LIVE");

    deploy(1, "b", RULE_STAGE_LIVE, "acme");
    deploy(1, "b", RULE_STAGE_LIVE, "bolt");
    assertThat(placement(1)).containsExactly("1:LIVE", "2:LIVE[acme, bolt]");

    assertThatThrownBy(() -> next().deploy(rule(1, "b"), RULE_STAGE_SHADOW, Set.of("core")))
        .isInstanceOf(RefusedDeploymentException.class)
        .hasMessageContaining("another stage");
  }

  @Test
  void whatTenantsDraftAndRetireIsTheirOwn() {
    deploy(1, "a", RULE_STAGE_DRAFT, "acme");
    deploy(1, "b", RULE_STAGE_DRAFT, "bolt");
    assertThat(placement(1)).containsExactly("1:DRAFT[acme]", "2:DRAFT[bolt]");
    deploy(1, "a", RULE_STAGE_LIVE, "acme");
    deploy(1, "b", RULE_STAGE_LIVE, "bolt");
    assertThat(placement(1)).containsExactly("1:LIVE[acme]", "2:LIVE[bolt]");
    deploy(1, "c", RULE_STAGE_DRAFT);
    deploy(1, "d", RULE_STAGE_DRAFT, "acme");
    assertThat(placement(1))
        .containsExactly("1:LIVE[acme]", "2:LIVE[bolt]", "3:DRAFT", "4:DRAFT[acme]");

    Deployment retire = next();
    retire.retire(id(1), Set.of("bolt"));
    take(retire);
    assertThat(placement(1))
        .containsExactly("1:LIVE[acme]", "3:DRAFT", "4:DRAFT[acme]", "2:RETIRED[bolt]");
    assertThatThrownBy(() -> next().retire(id(1), Set.of("core")))
        .isInstanceOf(RefusedDeploymentException.class)
        .hasMessageContaining("no version of tenant core's own");

    deploy(1, "c", RULE_STAGE_LIVE);
    assertThat(placement(1))
        .as("acme's draft is acme's")
        .containsExactly("4:DRAFT[acme]", "3:LIVE");
    Deployment all = next();
    all.retire(id(1));
    take(all);
    assertThat(placement(1)).containsExactly("3:RETIRED", "4:DRAFT[acme]");
  }

  @Test
  void aTenantThatIsForgottenTakesAlongWhatNobodyElseHas() {
    deploy(1, "a", RULE_STAGE_LIVE, "acme");
    deploy(1, "b", RULE_STAGE_LIVE, "acme", "bolt");
    deploy(2, "a", RULE_STAGE_LIVE, "acme");
    deploy(3, "a", RULE_STAGE_LIVE);

    Deployment forget = next();
    int gone = forget.forget("acme", Map.of(id(1), Set.of(1, 2), id(2), Set.of(1)));
    Deployment.Plan plan = take(forget);

    assertThat(gone).as("what bolt has stays").isEqualTo(2);
    assertThat(placement(1)).containsExactly("2:LIVE[bolt]");
    assertThat(placement(2)).isEmpty();
    assertThat(placement(3)).containsExactly("1:LIVE");
    assertThat(plan.records())
        .filteredOn(record -> record.value() == null)
        .extracting(record -> new String(record.key(), UTF_8))
        .containsExactly("v/" + id(1) + "@1", "v/" + id(2) + "@1");
    deploy(2, "b", RULE_STAGE_LIVE, "bolt");
    assertThat(placement(2)).containsExactly("1:LIVE[bolt]");
  }

  @Test
  void aDraftIsKeptAndDoesNotRun() {
    deploy(1, "a", RULE_STAGE_DRAFT);

    assertThat(placement(1)).containsExactly("1:DRAFT");
    assertThat(Objects.requireNonNull(book.entries().get(id(1))).running()).isEmpty();
  }

  @Test
  void rollbackRunsAnOlderVersionInTheStageOfTheNewer() {
    deploy(1, "a", RULE_STAGE_LIVE);
    deploy(1, "b", RULE_STAGE_LIVE);
    deploy(1, "c", RULE_STAGE_LIVE);

    Deployment back = next();
    assertThat(back.rollback(id(1), OptionalInt.empty())).isEqualTo(2);
    take(back);
    assertThat(placement(1)).containsExactly("2:LIVE");

    Deployment to = next();
    assertThat(to.rollback(id(1), OptionalInt.of(1))).isEqualTo(1);
    take(to);
    assertThat(placement(1)).containsExactly("1:LIVE");
    assertThat(book.revision()).isEqualTo(5);
  }

  @Test
  void rollbackToNothingSaysWhatThereIs() {
    deploy(1, "a", RULE_STAGE_LIVE);

    assertThatThrownBy(() -> next().rollback(id(1), OptionalInt.empty()))
        .isInstanceOf(RefusedDeploymentException.class)
        .hasMessageContaining("no version before 1");
    assertThatThrownBy(() -> next().rollback(id(9), OptionalInt.empty()))
        .isInstanceOf(RefusedDeploymentException.class)
        .hasMessageContaining("there is no rule");
  }

  @Test
  void aDirectoryRetiresWhatItHasNoMoreAndLeavesWhatHandsDid() {
    Deployment start = next();
    assertThat(start.directory(List.of(rule(1, "a"), rule(2, "a"), rule(3, "a")))).isEmpty();
    take(start);
    deploy(2, "by hand", RULE_STAGE_LIVE);
    Deployment retire = next();
    retire.retire(id(3));
    take(retire);

    Deployment again = next();
    Set<String> kept = again.directory(List.of(rule(2, "a"), rule(3, "a"), rule(4, "a")));
    Deployment.Plan plan = take(again);

    assertThat(kept).containsExactly(id(2), id(3));
    assertThat(plan.changed()).containsExactlyInAnyOrder(id(1), id(4));
    assertThat(placement(1)).containsExactly("1:RETIRED");
    assertThat(placement(2)).containsExactly("2:LIVE");
    assertThat(placement(3)).containsExactly("1:RETIRED");
    Deployment third = next();
    third.directory(List.of(rule(2, "a"), rule(3, "a"), rule(4, "a")));
    assertThat(take(third).isEmpty()).isTrue();
  }

  @Test
  void oldVersionsGoButNeverOneThatRuns() {
    deploy(1, "v1", RULE_STAGE_LIVE);
    for (int i = 2; i <= 60; i++) {
      deploy(1, "v" + i, RULE_STAGE_SHADOW);
    }

    var entry = Objects.requireNonNull(book.entries().get(id(1)));
    assertThat(entry.versions()).hasSize(Deployment.VERSIONS_KEPT).containsKeys(1, 60);
    assertThat(placement(1)).containsExactly("1:LIVE", "60:SHADOW");
  }
}
