package dev.tidewatch.control.access;

import com.google.protobuf.Message;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.request.Failures;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets a call through when its caller is known, has the permission that the method names, belongs
 * to the tenant that the request is about, and has not called too often. Methods that name no
 * permission are refused, but for health and reflection, which show nothing of anybody.
 */
public final class Authorization implements ServerInterceptor {
  private static final Set<String> PUBLIC =
      Set.of("grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection");

  private final MethodPermissions methods;
  private final RateLimits limits;
  private final Refusals refusals;

  public Authorization(MethodPermissions methods, RateLimits limits, Refusals refusals) {
    this.methods = methods;
    this.limits = limits;
    this.refusals = refusals;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String method = call.getMethodDescriptor().getFullMethodName();
    if (PUBLIC.contains(String.valueOf(call.getMethodDescriptor().getServiceName()))) {
      return next.startCall(call, headers);
    }
    ServiceRequestContext context = ServiceRequestContext.current();
    MethodPermissions.Demand demand = methods.of(method);
    Optional<StatusRuntimeException> refusal = refusal(context, method, demand);
    if (refusal.isPresent() || demand == null) {
      close(call, refusal.orElseThrow());
      return new ServerCall.Listener<>() {};
    }
    return demand.tenant() == null
        ? next.startCall(call, headers)
        : new TenantCheck<>(next.startCall(call, headers), call, demand, context);
  }

  /**
   * Why the caller may not do what {@code method} does for {@code tenant}, for services that are
   * not gRPC; empty when it may.
   */
  public Optional<StatusRuntimeException> refusal(
      ServiceRequestContext context, String method, String tenant) {
    Optional<StatusRuntimeException> refusal = refusal(context, method, methods.of(method));
    if (refusal.isEmpty()
        && Authentication.of(context) instanceof Principal principal
        && !principal.mayEnter(tenant)) {
      return Optional.of(foreign(context, principal, method, tenant));
    }
    return refusal;
  }

  private Optional<StatusRuntimeException> refusal(
      ServiceRequestContext context, String method, MethodPermissions.@Nullable Demand demand) {
    if (!(Authentication.of(context) instanceof Principal principal)) {
      String reason = ((Identity.Unknown) Authentication.of(context)).reason();
      tell(context, ControlDatabase.SYSTEM, "unknown", method, "", reason);
      return Optional.of(status(Status.UNAUTHENTICATED, reason));
    }
    if (demand == null || !principal.may(demand.permission())) {
      String wanted = demand == null ? "nobody" : Roles.name(demand.permission());
      String reason = "this takes the permission " + wanted + ", which the caller does not have";
      tell(context, principal.tenant(), principal.actor(), method, "", reason);
      return Optional.of(status(Status.PERMISSION_DENIED, reason));
    }
    return limits.allows(principal.actor())
        ? Optional.empty()
        : Optional.of(Failures.exhausted("too many calls; wait a moment"));
  }

  private StatusRuntimeException foreign(
      ServiceRequestContext context, Principal principal, String method, String tenant) {
    tell(context, principal.tenant(), principal.actor(), method, tenant, "foreign tenant");
    return status(Status.PERMISSION_DENIED, "the caller does not belong to this tenant");
  }

  private void tell(
      ServiceRequestContext context,
      String tenant,
      String actor,
      String method,
      String resource,
      String reason) {
    refusals.refused(new Refusals.Refusal(tenant, actor, method, resource, reason, context));
  }

  private static StatusRuntimeException status(Status status, String reason) {
    return status.withDescription(reason).asRuntimeException();
  }

  private static void close(ServerCall<?, ?> call, StatusRuntimeException refusal) {
    Metadata trailers = refusal.getTrailers();
    call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
  }

  /** Reads the tenant from the request, before the method sees it. */
  private final class TenantCheck<Q> extends SimpleForwardingServerCallListener<Q> {
    private final ServerCall<Q, ?> call;
    private final MethodPermissions.Demand demand;
    private final ServiceRequestContext context;
    private boolean refused;

    TenantCheck(
        ServerCall.Listener<Q> delegate,
        ServerCall<Q, ?> call,
        MethodPermissions.Demand demand,
        ServiceRequestContext context) {
      super(delegate);
      this.call = call;
      this.demand = demand;
      this.context = context;
    }

    @Override
    public void onMessage(Q message) {
      String tenant = String.valueOf(((Message) message).getField(demand.tenant()));
      if (Authentication.of(context) instanceof Principal principal
          && !principal.mayEnter(tenant)) {
        refused = true;
        String method = call.getMethodDescriptor().getFullMethodName();
        close(call, foreign(context, principal, method, tenant));
      } else {
        super.onMessage(message);
      }
    }

    @Override
    public void onHalfClose() {
      if (!refused) {
        super.onHalfClose();
      }
    }

    @Override
    public void onReady() {
      if (!refused) {
        super.onReady();
      }
    }
  }
}
