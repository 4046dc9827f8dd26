package dev.tidewatch.control.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.control.v1.AlertFilter;
import dev.tidewatch.control.v1.AlertRow;
import dev.tidewatch.control.v1.TriageState;
import dev.tidewatch.control.v1.Verdict;
import dev.tidewatch.events.v1.Entity;
import dev.tidewatch.events.v1.Level;
import dev.tidewatch.events.v1.Stage;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Against the store's own filters it is held in ControlServerIT. */
class AlertFilterMatchTest {
  private static final AlertRow ROW =
      AlertRow.newBuilder()
          .setAlertId("a")
          .setRuleId("r1")
          .setTitle("Encoded PowerShell")
          .setReason("CommandLine contains -enc")
          .setLevel(Level.LEVEL_HIGH)
          .setTimeMs(1_000)
          .addTechniqueIds("T1059.001")
          .addEntities(Entity.newBuilder().setKind("host").setValue("ws-01"))
          .addEntities(Entity.newBuilder().setKind("user").setValue("Ada LÖVELACE"))
          .build();

  @Test
  void anEmptyFilterTakesAll() {
    assertThat(matches(AlertFilter.newBuilder())).isTrue();
  }

  @Test
  void shadowAndLiveAreNeverMixed() {
    AlertRow tried = ROW.toBuilder().setStage(Stage.STAGE_SHADOW).build();
    AlertFilter shadow = AlertFilter.newBuilder().setShadow(true).build();
    assertThat(new AlertFilterMatch(shadow).test(tried)).isTrue();
    assertThat(new AlertFilterMatch(shadow).test(ROW)).isFalse();
    assertThat(new AlertFilterMatch(AlertFilter.getDefaultInstance()).test(tried)).isFalse();
  }

  @Test
  void theEndOfATimeRangeIsExclusive() {
    assertThat(matches(AlertFilter.newBuilder().setFromMs(1_000).setToMs(1_001))).isTrue();
    assertThat(matches(AlertFilter.newBuilder().setFromMs(900).setToMs(1_000))).isFalse();
    assertThat(matches(AlertFilter.newBuilder().setFromMs(1_001))).isFalse();
  }

  @Test
  void aTechniqueCoversItsSubTechniquesAndNoOthers() {
    assertThat(matches(AlertFilter.newBuilder().setTechniqueId("t1059"))).isTrue();
    assertThat(matches(AlertFilter.newBuilder().setTechniqueId("T1059.001"))).isTrue();
    assertThat(matches(AlertFilter.newBuilder().setTechniqueId("T1059.002"))).isFalse();
    assertThat(matches(AlertFilter.newBuilder().setTechniqueId("T105"))).isFalse();
  }

  @Test
  void everyWordMustBeSomewhere() {
    assertThat(matches(AlertFilter.newBuilder().setText(" powershell  LÖVELACE ENC "))).isTrue();
    assertThat(matches(AlertFilter.newBuilder().setText("powershell LÖVE* *SHEL*"))).isTrue();
    assertThat(matches(AlertFilter.newBuilder().setText("LÖVE"))).isFalse();
    assertThat(matches(AlertFilter.newBuilder().setText("powershell mimikatz"))).isFalse();
    assertThat(matches(AlertFilter.newBuilder().setText("power.*"))).isFalse();
  }

  @Test
  void hostAndUserAreEntitiesAndExact() {
    assertThat(matches(AlertFilter.newBuilder().setHost("ws-01").setUser("Ada LÖVELACE"))).isTrue();
    assertThat(matches(AlertFilter.newBuilder().setHost("ws-0"))).isFalse();
    assertThat(matches(AlertFilter.newBuilder().setUser("ws-01"))).isFalse();
  }

  @Test
  void levelsAndRuleAreAmongThoseAsked() {
    AlertFilter.Builder levels =
        AlertFilter.newBuilder().addLevels(Level.LEVEL_LOW).addLevels(Level.LEVEL_HIGH);
    assertThat(matches(levels.setRuleId("r1"))).isTrue();
    assertThat(matches(levels.setRuleId("r"))).isFalse();
    assertThat(matches(AlertFilter.newBuilder().addLevels(Level.LEVEL_LOW))).isFalse();
  }

  @Test
  void triageIsOneOfEachKindThatIsAsked() {
    AlertRow closed = ROW.toBuilder().setVerdict(Verdict.VERDICT_BENIGN).setAssignee("ada").build();
    AlertRow taken = ROW.toBuilder().setVerdict(Verdict.VERDICT_OPEN).setAssignee("ada").build();
    AlertFilter.Builder filter = AlertFilter.newBuilder().addStates(TriageState.TRIAGE_STATE_NEW);
    assertThat(matching(filter, ROW, closed, taken)).containsExactly(ROW);
    filter.addStates(TriageState.TRIAGE_STATE_CLOSED);
    assertThat(matching(filter, ROW, closed, taken)).containsExactly(ROW, closed);
    filter.clearStates().addVerdicts(Verdict.VERDICT_OPEN);
    assertThat(matching(filter, ROW, closed, taken)).containsExactly(ROW, taken);
    filter.addAssignees("ada");
    assertThat(matching(filter, ROW, closed, taken)).containsExactly(taken);
    filter.addAssignees("");
    assertThat(matching(filter, ROW, closed, taken)).containsExactly(ROW, taken);
  }

  private static List<AlertRow> matching(AlertFilter.Builder filter, AlertRow... rows) {
    return Stream.of(rows).filter(new AlertFilterMatch(filter.build())).toList();
  }

  private static boolean matches(AlertFilter.Builder filter) {
    return new AlertFilterMatch(filter.build()).test(ROW);
  }
}
