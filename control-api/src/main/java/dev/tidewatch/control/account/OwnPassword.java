package dev.tidewatch.control.account;

import com.linecorp.armeria.server.ServiceRequestContext;
import dev.tidewatch.control.access.Accounts;
import dev.tidewatch.control.access.Authentication;
import dev.tidewatch.control.access.Authenticator;
import dev.tidewatch.control.access.Passwords;
import dev.tidewatch.control.access.Principal;
import dev.tidewatch.control.access.Refusals;
import dev.tidewatch.control.access.SignInLimits;
import dev.tidewatch.control.change.Changes;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.v1.AccessServiceGrpc;
import dev.tidewatch.control.v1.ChangePasswordRequest;
import dev.tidewatch.control.v1.ChangePasswordResponse;
import io.grpc.Status;

/**
 * Users change their own passwords. Who holds a session but not the password is held off as at
 * sign-in.
 */
public final class OwnPassword {
  private static final String METHOD =
      AccessServiceGrpc.getChangePasswordMethod().getFullMethodName();

  private final Accounts accounts;
  private final Authenticator authenticator;
  private final Changes changes;
  private final SignInLimits limits;
  private final Refusals refusals;

  public OwnPassword(
      Accounts accounts,
      Authenticator authenticator,
      Changes changes,
      SignInLimits limits,
      Refusals refusals) {
    this.accounts = accounts;
    this.authenticator = authenticator;
    this.changes = changes;
    this.limits = limits;
    this.refusals = refusals;
  }

  ChangePasswordResponse change(ChangePasswordRequest request) {
    Principal caller = Authentication.principal();
    String name = name(caller);
    Accounts.requireNew(name, request.getOldPassword(), "new_password", request.getNewPassword());
    requireOldPassword(caller, name, request.getOldPassword());
    String hash = Passwords.hash(request.getNewPassword());
    String session = Authentication.sessionToken();
    ChangePasswordResponse done =
        changes.run(
            AccessServiceGrpc.getChangePasswordMethod(),
            caller.tenant(),
            request,
            change -> {
              change.about("user", name).detail().put("password", "changed");
              accounts.setPassword(change.transaction(), name, hash, session);
              return ChangePasswordResponse.getDefaultInstance();
            });
    authenticator.forget();
    return done;
  }

  /** Of a user that signs in here; keys and those who come from an issuer have no password. */
  private static String name(Principal caller) {
    String prefix = "user:";
    String suffix = "@" + caller.tenant();
    String actor = caller.actor();
    String name =
        actor.startsWith(prefix) && actor.endsWith(suffix)
            ? actor.substring(prefix.length(), actor.length() - suffix.length())
            : "";
    if (name.isEmpty() || name.startsWith("oidc:")) {
      throw Failures.precondition(
          "NO_PASSWORD", "only users that sign in here with a password have one to change");
    }
    return name;
  }

  private void requireOldPassword(Principal caller, String name, String password) {
    ServiceRequestContext context = ServiceRequestContext.current();
    String address = context.remoteAddress().getAddress().getHostAddress();
    if (!limits.allows("password of " + caller.actor(), address)) {
      throw Failures.exhausted("too many attempts to change the password; wait a minute");
    }
    if (!accounts.isPassword(caller.tenant(), name, password)) {
      String reason = "the old password is wrong";
      refusals.refused(
          new Refusals.Refusal(
              caller.tenant(), caller.actor(), METHOD, "user " + name, reason, context));
      throw Status.PERMISSION_DENIED.withDescription(reason).asRuntimeException();
    }
  }
}
