package dev.tidewatch.control.openapi;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import dev.tidewatch.control.access.MethodPermissions;
import io.grpc.BindableService;
import io.grpc.ServerMethodDefinition;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An OpenAPI 3.0 document of all methods with an HTTP rule: what JSON transcoding takes and gives,
 * and which permission each call needs ({@code x-permission}).
 */
public final class OpenApi {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern PATH_FIELD = Pattern.compile("\\{([a-z0-9_]+)}");

  private final ObjectNode document = JSON.createObjectNode();
  private final Schemas schemas;

  private OpenApi() {
    document.put("openapi", "3.0.3");
    document.putObject("info").put("title", "Tidewatch control API").put("version", "v1");
    document.putObject("paths");
    ObjectNode components = document.putObject("components");
    ObjectNode security = components.putObject("securitySchemes");
    security.putObject("bearer").put("type", "http").put("scheme", "bearer");
    security
        .putObject("session")
        .put("type", "apiKey")
        .put("in", "cookie")
        .put("name", "tidewatch_session");
    var alternatives = document.putArray("security");
    alternatives.addObject().putArray("bearer");
    alternatives.addObject().putArray("session");
    schemas = new Schemas(components.putObject("schemas"));
    schemas.failure();
  }

  /** The document of these services. */
  public static ObjectNode of(List<BindableService> services) {
    OpenApi api = new OpenApi();
    services.stream()
        .flatMap(service -> service.bindService().getMethods().stream())
        .map(OpenApi::descriptor)
        .flatMap(Optional::stream)
        .sorted(Comparator.comparing(MethodDescriptor::getFullName))
        .forEach(api::add);
    return api.document;
  }

  private static Optional<MethodDescriptor> descriptor(ServerMethodDefinition<?, ?> method) {
    return method.getMethodDescriptor().getSchemaDescriptor()
            instanceof ProtoMethodDescriptorSupplier schema
        ? Optional.of(schema.getMethodDescriptor())
        : Optional.empty();
  }

  private void add(MethodDescriptor method) {
    HttpRule rule = method.getOptions().getExtension(AnnotationsProto.http);
    switch (rule.getPatternCase()) {
      case GET -> add(method, "get", rule.getGet(), rule);
      case PUT -> add(method, "put", rule.getPut(), rule);
      case POST -> add(method, "post", rule.getPost(), rule);
      case DELETE -> add(method, "delete", rule.getDelete(), rule);
      case PATCH -> add(method, "patch", rule.getPatch(), rule);
      default -> {
        // A method without HTTP rule is gRPC only.
      }
    }
  }

  private void add(MethodDescriptor method, String verb, String path, HttpRule rule) {
    ObjectNode operation =
        ((ObjectNode) document.get("paths")).withObject(pointer(path)).putObject(verb);
    operation.put("operationId", method.getService().getName() + "_" + method.getName());
    operation.putArray("tags").add(method.getService().getName());
    operation.put("x-permission", MethodPermissions.permission(method).name());
    Set<String> inPath = new TreeSet<>();
    Matcher fields = PATH_FIELD.matcher(path);
    while (fields.find()) {
      inPath.add(fields.group(1));
    }
    var parameters = operation.putArray("parameters");
    for (FieldDescriptor field : method.getInputType().getFields()) {
      if (inPath.contains(field.getName())) {
        ObjectNode parameter = parameters.addObject();
        parameter.put("name", field.getName()).put("in", "path").put("required", true);
        parameter.set("schema", schemas.field(field));
      } else if (rule.getBody().isEmpty()) {
        query(parameters, "", field);
      }
    }
    if (!verb.equals("get") && !verb.equals("delete")) {
      ObjectNode key = parameters.addObject();
      key.put("name", "idempotency-key").put("in", "header").put("required", false);
      key.putObject("schema").put("type", "string").put("maxLength", 128);
      content(operation.putObject("requestBody").put("required", true))
          .set("schema", schemas.message(method.getInputType()));
    }
    ObjectNode responses = operation.putObject("responses");
    content(responses.putObject("200").put("description", method.getOutputType().getName()))
        .set("schema", schemas.message(method.getOutputType()));
    content(responses.putObject("default").put("description", "What went wrong"))
        .set("schema", Schemas.reference("Failure"));
  }

  /** A path as one step of a JSON pointer. */
  private static JsonPointer pointer(String path) {
    return JsonPointer.empty().appendProperty(path);
  }

  /** Members of a message become parameters with a dot: {@code filter.host}. */
  private void query(ArrayNode parameters, String prefix, FieldDescriptor field) {
    boolean nested = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
    if (nested && !field.isRepeated()) {
      String within = prefix + field.getName() + ".";
      field.getMessageType().getFields().forEach(member -> query(parameters, within, member));
    } else if (!nested) {
      ObjectNode parameter = parameters.addObject();
      parameter.put("name", prefix + field.getName()).put("in", "query");
      parameter.put("required", false);
      parameter.set("schema", schemas.field(field));
    }
  }

  private static ObjectNode content(ObjectNode of) {
    return of.putObject("content").putObject("application/json");
  }
}
