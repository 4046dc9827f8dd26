package dev.tidewatch.attack;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The tactics of ATT&CK Enterprise in the order of its matrix. Version 19 split Defense Evasion
 * into Stealth, which kept the id, and Defense Impairment; rules carry either.
 */
public enum Tactic {
  RECONNAISSANCE("TA0043", "Reconnaissance"),
  RESOURCE_DEVELOPMENT("TA0042", "Resource Development"),
  INITIAL_ACCESS("TA0001", "Initial Access"),
  EXECUTION("TA0002", "Execution"),
  PERSISTENCE("TA0003", "Persistence"),
  PRIVILEGE_ESCALATION("TA0004", "Privilege Escalation"),
  DEFENSE_EVASION("TA0005", "Defense Evasion"),
  STEALTH("TA0005", "Stealth"),
  DEFENSE_IMPAIRMENT("TA0112", "Defense Impairment"),
  CREDENTIAL_ACCESS("TA0006", "Credential Access"),
  DISCOVERY("TA0007", "Discovery"),
  LATERAL_MOVEMENT("TA0008", "Lateral Movement"),
  COLLECTION("TA0009", "Collection"),
  COMMAND_AND_CONTROL("TA0011", "Command and Control"),
  EXFILTRATION("TA0010", "Exfiltration"),
  IMPACT("TA0040", "Impact");

  private final String id;
  private final String title;

  Tactic(String id, String title) {
    this.id = id;
    this.title = title;
  }

  /** E.g. {@code TA0006}. */
  public String id() {
    return id;
  }

  /** E.g. {@code Credential Access}. */
  public String title() {
    return title;
  }

  /** E.g. {@code credential-access}. */
  public String shortName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** By short name, with hyphens or underscores. */
  public static Optional<Tactic> named(String shortName) {
    String name = shortName.replace('_', '-');
    return Arrays.stream(values()).filter(t -> t.shortName().equals(name)).findFirst();
  }
}
