package dev.tidewatch.control.access;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import dev.tidewatch.control.v1.Permission;
import dev.tidewatch.control.v1.PermissionProto;
import io.grpc.BindableService;
import io.grpc.ServerMethodDefinition;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What each method takes, as its protobuf says. */
public final class MethodPermissions {
  /**
   * @param permission what the caller must have
   * @param tenant the request's field that says whose data it is about; null where there is none
   */
  record Demand(Permission permission, @Nullable FieldDescriptor tenant) {}

  private final Map<String, Demand> byMethod = new HashMap<>();

  /**
   * @throws IllegalArgumentException for a method that names no permission
   */
  public MethodPermissions(List<BindableService> services) {
    for (BindableService service : services) {
      for (ServerMethodDefinition<?, ?> method : service.bindService().getMethods()) {
        if (method.getMethodDescriptor().getSchemaDescriptor()
            instanceof ProtoMethodDescriptorSupplier schema) {
          byMethod.put(
              method.getMethodDescriptor().getFullMethodName(),
              demand(schema.getMethodDescriptor()));
        }
      }
    }
  }

  private static Demand demand(MethodDescriptor method) {
    Permission permission = permission(method);
    if (permission == Permission.PERMISSION_UNSPECIFIED) {
      throw new IllegalArgumentException(method.getFullName() + " names no permission");
    }
    return new Demand(permission, method.getInputType().findFieldByName("tenant_id"));
  }

  /** What the method's protobuf names; unspecified when nothing. */
  public static Permission permission(MethodDescriptor method) {
    return method.getOptions().getExtension(PermissionProto.permission);
  }

  /** Null for a method of no service of ours. */
  @Nullable Demand of(String fullMethodName) {
    return byMethod.get(fullMethodName);
  }
}
