package dev.tidewatch.attack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AttackTest {

  @Test
  void readsTags() {
    assertThat(Attack.techniqueId("attack.t1059.001")).contains("T1059.001");
    assertThat(Attack.techniqueId("attack.t10590")).isEmpty();
    assertThat(Attack.techniqueId("cve.2025-1")).isEmpty();
    assertThat(Attack.tactic("attack.credential-access")).contains(Tactic.CREDENTIAL_ACCESS);
    assertThat(Attack.tactic("attack.credential_access")).contains(Tactic.CREDENTIAL_ACCESS);
    assertThat(Attack.tactic("attack.stealth")).contains(Tactic.STEALTH);
    assertThat(Attack.tactic("attack.t1059")).isEmpty();
  }

  @Test
  void namesTechniques() {
    Technique powershell = Attack.technique("T1059.001").orElseThrow();
    assertThat(powershell.name()).isEqualTo("PowerShell");
    assertThat(powershell.tactics()).containsExactly("execution");
    assertThat(Attack.technique("T0000")).isEmpty();
    assertThat(Attack.techniques())
        .hasSizeGreaterThan(800)
        .allSatisfy(
            t -> {
              assertThat(t.id()).matches("T\\d{4}(\\.\\d{3})?");
              assertThat(t.tactics()).allMatch(name -> Tactic.named(name).isPresent());
            });
  }

  @Test
  void tacticsHaveIdsAndShortNames() {
    assertThat(Tactic.COMMAND_AND_CONTROL.id()).isEqualTo("TA0011");
    assertThat(Tactic.COMMAND_AND_CONTROL.title()).isEqualTo("Command and Control");
    assertThat(Tactic.COMMAND_AND_CONTROL.shortName()).isEqualTo("command-and-control");
  }
}
