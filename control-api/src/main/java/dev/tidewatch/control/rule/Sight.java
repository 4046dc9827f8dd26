package dev.tidewatch.control.rule;

import dev.tidewatch.control.v1.RulePlace;
import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.events.v1.PlacedVersion;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a caller sees of where rules run. Rules are shared by all tenants, but which other tenants
 * there are, and what runs for them alone, is for operators.
 *
 * @param tenant on whose behalf is asked
 */
public record Sight(String tenant, boolean operator) {
  private static final String SOMEONE = "another tenant";

  /** How a message ends that is about one tenant's value lists. */
  private static final Pattern WHOSE = Pattern.compile("tenant (\\S+)$");

  /** Of an author such as {@code user:ada@acme}, who sees what its tenant does. */
  public static Sight of(String actor) {
    int at = actor.lastIndexOf('@');
    String tenant = actor.substring(at + 1);
    // Of no tenant is the server itself, and who is at it where access is open.
    return new Sight(tenant, at < 0 || tenant.equals("system"));
  }

  /** A message, in which no other tenant is named. */
  public String told(String message) {
    Matcher whose = WHOSE.matcher(message);
    return operator || !whose.find() || whose.group(1).equals(tenant)
        ? message
        : message.substring(0, whose.start()) + SOMEONE;
  }

  /** The same of a diagnostic. */
  public Diagnostic told(Diagnostic found) {
    return new Diagnostic(
        found.code(),
        found.severity(),
        found.file(),
        found.line(),
        found.column(),
        told(found.message()),
        found.remedy());
  }

  /** Whether an author is of the tenant. */
  public boolean wrote(String actor) {
    return actor.endsWith("@" + tenant);
  }

  /** Of a list of tenants those that are seen; none at all when it is of others only. */
  public Optional<List<String>> tenants(List<String> tenants) {
    if (operator || tenants.isEmpty()) {
      return Optional.of(tenants);
    }
    return tenants.contains(tenant) ? Optional.of(List.of(tenant)) : Optional.empty();
  }

  /** The placements that are seen. */
  public List<PlacedVersion> placed(Collection<PlacedVersion> placed) {
    return placed.stream()
        .map(
            version ->
                tenants(version.getTenantsList())
                    .map(seen -> version.toBuilder().clearTenants().addAllTenants(seen).build()))
        .flatMap(Optional::stream)
        .toList();
  }

  /** The placements that are seen, as they are answered. */
  public List<RulePlace> places(Collection<PlacedVersion> placed) {
    return placed(placed).stream()
        .map(
            version ->
                RulePlace.newBuilder()
                    .setVersion(version.getVersion())
                    .setStage(version.getStage())
                    .addAllTenants(version.getTenantsList())
                    .build())
        .toList();
  }

  /** An author such as {@code user:ada@acme}; of another tenant only that. */
  public String author(String actor) {
    int at = actor.lastIndexOf('@');
    boolean known = operator || at < 0 || actor.endsWith("@" + tenant) || actor.endsWith("@system");
    return known ? actor : SOMEONE;
  }
}
