package dev.tidewatch.control;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.Status;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

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
    return send(method, request.build().toByteArray(), headers).status();
  }

  /** What a call ended with. */
  record Answer(Status.Code status, String message, byte[] body) {
    /** The messages of the answer. */
    List<Message> messages(Message prototype) {
      List<Message> messages = new ArrayList<>();
      ByteBuffer frames = ByteBuffer.wrap(body);
      while (frames.remaining() >= 5) {
        if (frames.get() != 0) {
          throw new AssertionError("a compressed frame, which was not asked for");
        }
        byte[] message = new byte[frames.getInt()];
        frames.get(message);
        try {
          messages.add(prototype.newBuilderForType().mergeFrom(message).build());
        } catch (InvalidProtocolBufferException e) {
          throw new AssertionError(e);
        }
      }
      return messages;
    }
  }

  /** A call with a request as it travels. */
  Answer send(MethodDescriptor<?, ?> method, byte[] bytes, String... headers) {
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
    HttpHeaders end = trailer == null ? response.headers() : response.trailers();
    return new Answer(
        Status.fromCodeValue(Integer.parseInt(status)).getCode(),
        end.get("grpc-message", ""),
        response.content().array());
  }

  private static void set(Message.Builder request, String name, String value) {
    FieldDescriptor field = request.getDescriptorForType().findFieldByName(name);
    if (field != null) {
      request.setField(field, value);
    }
  }
}
