package dev.tidewatch.control.account;

import dev.tidewatch.control.access.Principal;
import dev.tidewatch.control.access.Roles;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.v1.Role;
import io.grpc.Status;
import java.util.Collection;
import java.util.List;

/** What may be given away: known roles, and nothing that the giver does not have itself. */
final class Grants {
  private Grants() {}

  static FieldChecks check(FieldChecks checks, Collection<Role> roles) {
    boolean known =
        roles.stream().allMatch(role -> role != Role.ROLE_UNSPECIFIED && role != Role.UNRECOGNIZED);
    checks.require(!roles.isEmpty(), "roles", "must name a role");
    return checks.require(known, "roles", "must be ROLE_VIEWER to ROLE_ADMIN");
  }

  /** Nobody gives a role whose permissions are more than its own, also not to itself. */
  static void requireWithin(Principal giver, Collection<Role> roles) {
    if (!Roles.within(giver, roles)) {
      throw Status.PERMISSION_DENIED
          .withDescription("these roles allow more than the caller may do itself")
          .asRuntimeException();
    }
  }

  static String[] names(Collection<Role> roles) {
    List<String> names = roles.stream().map(Roles::name).distinct().sorted().toList();
    return names.toArray(String[]::new);
  }
}
