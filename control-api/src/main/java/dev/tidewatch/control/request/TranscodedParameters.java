package dev.tidewatch.control.request;

import com.google.api.AnnotationsProto;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.BindableService;
import io.grpc.ServerMethodDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Checks the query of a transcoded GET before it is transcoded: the transcoder drops what it does
 * not know, and a misspelt filter would show everything.
 */
public final class TranscodedParameters implements DecoratingHttpServiceFunction {
  private record Call(Pattern path, MethodDescriptor method) {}

  private final List<Call> calls = new ArrayList<>();

  public TranscodedParameters(List<BindableService> services) {
    for (BindableService service : services) {
      for (ServerMethodDefinition<?, ?> method : service.bindService().getMethods()) {
        if (method.getMethodDescriptor().getSchemaDescriptor()
            instanceof ProtoMethodDescriptorSupplier schema) {
          add(schema.getMethodDescriptor());
        }
      }
    }
  }

  private void add(MethodDescriptor method) {
    String template = method.getOptions().getExtension(AnnotationsProto.http).getGet();
    if (!template.isEmpty()) {
      String path = template.replaceAll("\\{[^}]*}", "\\\\E[^/]+\\\\Q");
      calls.add(new Call(Pattern.compile("\\Q" + path + "\\E"), method));
    }
  }

  @Override
  public HttpResponse serve(HttpService delegate, ServiceRequestContext ctx, HttpRequest request)
      throws Exception {
    QueryParams query = ctx.queryParams();
    if (request.method() == HttpMethod.GET && !query.isEmpty()) {
      try {
        call(ctx.path()).ifPresent(call -> check(call, query));
      } catch (StatusRuntimeException refused) {
        return HttpFailures.response(refused, ctx.id().shortText()).toHttpResponse();
      }
    }
    return delegate.serve(ctx, request);
  }

  private Optional<Call> call(String path) {
    return calls.stream().filter(call -> call.path().matcher(path).matches()).findFirst();
  }

  private static void check(Call call, QueryParams query) {
    QueryParameters.read(query, DynamicMessage.newBuilder(call.method().getInputType()));
  }
}
