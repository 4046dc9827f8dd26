package dev.tidewatch.control.access;

import com.linecorp.armeria.server.ServiceRequestContext;
import dev.tidewatch.control.v1.Permission;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Optional;

/**
 * Whether the caller of a call that stays open may still have it. {@link Authorization} asks when a
 * call begins; sessions end, keys are revoked and roles are taken away while a stream runs.
 */
public interface Standing {
  /** Of a call that nobody can end: for tests. */
  Standing LASTING = Optional::empty;

  /**
   * Why the call has to end; empty while it need not. Blocks, and throws when nobody can say now.
   */
  Optional<StatusRuntimeException> refusal();

  /**
   * Of the call that {@code context} serves.
   *
   * @param permission that the call takes
   * @param tenant whose data it shows
   */
  static Standing of(ServiceRequestContext context, Permission permission, String tenant) {
    return () -> {
      Identity now = Authentication.again(context);
      if (!(now instanceof Principal principal)) {
        return Optional.of(
            Status.UNAUTHENTICATED
                .withDescription(((Identity.Unknown) now).reason())
                .asRuntimeException());
      }
      return principal.may(permission) && principal.mayEnter(tenant)
          ? Optional.empty()
          : Optional.of(
              Status.PERMISSION_DENIED
                  .withDescription(
                      "the caller no longer has the permission " + Roles.name(permission))
                  .asRuntimeException());
    };
  }
}
