package dev.tidewatch.control;

import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.tidewatch.control.v1.Permission;
import io.grpc.ServiceDescriptor;
import io.grpc.reflection.v1.ServerReflectionGrpc.ServerReflectionStub;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The control API's services, found and not listed, so that none is forgotten by a test. */
public final class ContractServices {
  private static final String PACKAGE = Permission.class.getPackageName();
  private static final String STUBS = "Grpc.class";

  private ContractServices() {}

  /** Every service that the protobufs of the control API define. */
  public static List<ServiceDescriptor> defined() {
    try {
      Path place =
          Path.of(Permission.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(place)) {
        return in(place);
      }
      try (FileSystem jar =
          FileSystems.newFileSystem(URI.create("jar:" + place.toUri()), Map.of())) {
        return in(jar.getPath("/"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<ServiceDescriptor> in(Path root) throws IOException {
    try (Stream<Path> classes = Files.list(root.resolve(PACKAGE.replace('.', '/')))) {
      return classes
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(STUBS))
          .sorted()
          .map(name -> descriptor(name.substring(0, name.length() - STUBS.length())))
          .toList();
    }
  }

  /** Every service of ours that the server on {@code port} says it serves. */
  static List<ServiceDescriptor> served(int port) throws Exception {
    ServerReflectionStub reflection =
        GrpcClients.newClient("gproto+http://127.0.0.1:" + port, ServerReflectionStub.class);
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> call =
        reflection.serverReflectionInfo(
            new StreamObserver<>() {
              @Override
              public void onNext(ServerReflectionResponse response) {
                answer.complete(response);
              }

              @Override
              public void onError(Throwable failure) {
                answer.completeExceptionally(failure);
              }

              @Override
              public void onCompleted() {}
            });
    call.onNext(ServerReflectionRequest.newBuilder().setListServices("*").build());
    List<String> names =
        answer.get(60, TimeUnit.SECONDS).getListServicesResponse().getServiceList().stream()
            .map(service -> service.getName())
            .toList();
    call.onCompleted();
    return names.stream()
        .filter(name -> name.startsWith("tidewatch."))
        .sorted()
        .map(name -> descriptor(name.substring(name.lastIndexOf('.') + 1)))
        .toList();
  }

  private static ServiceDescriptor descriptor(String service) {
    try {
      return (ServiceDescriptor)
          Class.forName(PACKAGE + "." + service + "Grpc")
              .getMethod("getServiceDescriptor")
              .invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no stubs of " + service, e);
    }
  }
}
