package dev.tidewatch.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.util.JsonFormat;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A client that knows nothing of our contracts but what the server's reflection tells it, with the
 * arguments of grpcurl that the documentation uses.
 */
final class ReflectionClient implements AutoCloseable {
  private final ManagedChannel channel;
  private final Metadata headers = new Metadata();
  private final BlockingQueue<ServerReflectionResponse> answers = new LinkedBlockingQueue<>();
  private final StreamObserver<ServerReflectionRequest> questions;
  private final Map<String, FileDescriptor> files = new HashMap<>();

  private ReflectionClient(String target) {
    channel = ManagedChannelBuilder.forTarget(target).usePlaintext().build();
    questions =
        ServerReflectionGrpc.newStub(channel)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse answer) {
                    answers.add(answer);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    System.err.println(failure);
                  }

                  @Override
                  public void onCompleted() {}
                });
  }

  /**
   * One call, as grpcurl would make it.
   *
   * @param arguments {@code -plaintext -H HEADER -d JSON HOST:PORT SERVICE/METHOD}, or {@code …
   *     HOST:PORT list}
   * @param input what {@code -d @} reads
   * @return what grpcurl would print
   */
  static String run(List<String> arguments, String input) throws Exception {
    List<String> free = new ArrayList<>();
    String data = "{}";
    List<String> headers = new ArrayList<>();
    for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
      String argument = rest.next();
      switch (argument) {
        case "-plaintext" -> {}
        case "-H" -> headers.add(rest.next());
        case "-d" -> data = rest.next();
        default -> free.add(argument);
      }
    }
    // As grpcurl has it: @ is standard input.
    String json = data.equals("@") ? input : data;
    try (ReflectionClient client = new ReflectionClient(free.get(0))) {
      headers.forEach(client::header);
      return free.get(1).equals("list") ? client.services() : client.call(free.get(1), json);
    }
  }

  private void header(String line) {
    int colon = line.indexOf(':');
    headers.put(
        Metadata.Key.of(line.substring(0, colon).strip(), Metadata.ASCII_STRING_MARSHALLER),
        line.substring(colon + 1).strip());
  }

  private ServerReflectionResponse ask(ServerReflectionRequest question) throws Exception {
    questions.onNext(question);
    ServerReflectionResponse answer = answers.poll(30, TimeUnit.SECONDS);
    if (answer == null || answer.hasErrorResponse()) {
      throw new IllegalStateException("reflection says: " + answer);
    }
    return answer;
  }

  private String services() throws Exception {
    ServerReflectionRequest list =
        ServerReflectionRequest.newBuilder().setListServices("*").build();
    StringBuilder names = new StringBuilder();
    ask(list)
        .getListServicesResponse()
        .getServiceList()
        .forEach(s -> names.append(s.getName()).append('\n'));
    return names.toString();
  }

  private String call(String symbol, String json) throws Exception {
    int slash = symbol.lastIndexOf('/');
    MethodDescriptor method = method(symbol.substring(0, slash), symbol.substring(slash + 1));
    DynamicMessage.Builder request = DynamicMessage.newBuilder(method.getInputType());
    JsonFormat.parser().merge(json, request);
    DynamicMessage response =
        ClientCalls.blockingUnaryCall(
            ClientInterceptors.intercept(
                channel, MetadataUtils.newAttachHeadersInterceptor(headers)),
            io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
                .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(symbol)
                .setRequestMarshaller(marshaller(method.getInputType()))
                .setResponseMarshaller(marshaller(method.getOutputType()))
                .build(),
            CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS),
            request.build());
    return JsonFormat.printer().preservingProtoFieldNames().print(response);
  }

  private static io.grpc.MethodDescriptor.Marshaller<DynamicMessage> marshaller(
      com.google.protobuf.Descriptors.Descriptor type) {
    return ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(type));
  }

  private MethodDescriptor method(String service, String name) throws Exception {
    ServerReflectionRequest holding =
        ServerReflectionRequest.newBuilder().setFileContainingSymbol(service).build();
    Map<String, FileDescriptorProto> told = new HashMap<>();
    FileDescriptor file = file(first(holding, told), told);
    for (ServiceDescriptor found : file.getServices()) {
      if (found.getFullName().equals(service) && found.findMethodByName(name) != null) {
        return found.findMethodByName(name);
      }
    }
    throw new IllegalArgumentException("the server has no " + service + "/" + name);
  }

  private FileDescriptorProto first(
      ServerReflectionRequest question, Map<String, FileDescriptorProto> told) throws Exception {
    List<FileDescriptorProto> found = new ArrayList<>();
    for (ByteString bytes :
        ask(question).getFileDescriptorResponse().getFileDescriptorProtoList()) {
      FileDescriptorProto proto = FileDescriptorProto.parseFrom(bytes);
      told.put(proto.getName(), proto);
      found.add(proto);
    }
    return found.get(0);
  }

  private FileDescriptor file(FileDescriptorProto proto, Map<String, FileDescriptorProto> told)
      throws Exception {
    FileDescriptor known = files.get(proto.getName());
    if (known != null) {
      return known;
    }
    List<FileDescriptor> needed = new ArrayList<>();
    for (String name : proto.getDependencyList()) {
      FileDescriptorProto dependency = told.get(name);
      if (dependency == null) {
        dependency =
            first(ServerReflectionRequest.newBuilder().setFileByFilename(name).build(), told);
      }
      needed.add(file(dependency, told));
    }
    FileDescriptor built = FileDescriptor.buildFrom(proto, needed.toArray(FileDescriptor[]::new));
    files.put(proto.getName(), built);
    return built;
  }

  @Override
  public void close() throws InterruptedException {
    questions.onCompleted();
    channel.shutdownNow();
    boolean unused = channel.awaitTermination(5, TimeUnit.SECONDS);
  }
}
