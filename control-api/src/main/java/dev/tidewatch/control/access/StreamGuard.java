package dev.tidewatch.control.access;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.tidewatch.control.request.HttpFailures;
import io.grpc.StatusRuntimeException;
import java.util.Optional;

/** Authorizes a service that is not gRPC as the method that it stands for. */
public final class StreamGuard implements DecoratingHttpServiceFunction {
  private final Authorization authorization;
  private final String method;

  /**
   * @param method full name of the gRPC method; the tenant is the path's parameter {@code tenant}
   */
  public StreamGuard(Authorization authorization, String method) {
    this.authorization = authorization;
    this.method = method;
  }

  @Override
  public HttpResponse serve(HttpService delegate, ServiceRequestContext ctx, HttpRequest request)
      throws Exception {
    String tenant = ctx.pathParam("tenant");
    Optional<StatusRuntimeException> refusal =
        authorization.refusal(ctx, method, tenant == null ? "" : tenant);
    return refusal.isPresent()
        ? HttpFailures.response(refusal.get(), ctx.id().shortText()).toHttpResponse()
        : delegate.serve(ctx, request);
  }
}
