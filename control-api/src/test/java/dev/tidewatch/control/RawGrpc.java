package dev.tidewatch.control;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.Status;
import java.nio.ByteBuffer;

/** gRPC calls of any method by its descriptor, with any headers. */
final class RawGrpc {
  private final WebClient client;

  RawGrpc(int port) {
    client = WebClient.of("h2c://127.0.0.1:" + port);
  }

  /** The status of a call whose request has nothing set but the tenant. */
  Status.Code call(MethodDescriptor<?, ?> method, String tenant, String... headers) {
    Message prototype =
        (Message) ((PrototypeMarshaller<?>) method.getRequestMarshaller()).getMessagePrototype();
    Message.Builder request = prototype.newBuilderForType();
    set(request, "tenant_id", tenant);
    set(request, "cursor", "nonsense"); // a stream must not begin
    byte[] bytes = request.build().toByteArray();
    byte[] frame =
        ByteBuffer.allocate(5 + bytes.length).put((byte) 0).putInt(bytes.length).put(bytes).array();
    RequestHeadersBuilder head =
        RequestHeaders.builder(HttpMethod.POST, "/" + method.getFullMethodName())
            .set("content-type", "application/grpc+proto")
            .set("te", "trailers");
    for (int i = 0; i < headers.length; i += 2) {
      head.set(headers[i], headers[i + 1]);
    }
    AggregatedHttpResponse response =
        client.execute(head.build(), HttpData.wrap(frame)).aggregate().join();
    String trailer = response.trailers().get("grpc-status");
    String status = trailer == null ? response.headers().get("grpc-status") : trailer;
    return Status.fromCodeValue(Integer.parseInt(status)).getCode();
  }

  private static void set(Message.Builder request, String name, String value) {
    FieldDescriptor field = request.getDescriptorForType().findFieldByName(name);
    if (field != null) {
      request.setField(field, value);
    }
  }
}
