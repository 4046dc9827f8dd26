package dev.tidewatch.control.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import dev.tidewatch.control.ContractServices;
import dev.tidewatch.control.v1.Permission;
import dev.tidewatch.control.v1.Role;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class MethodPermissionsTest {
  private static final List<io.grpc.ServiceDescriptor> SERVICES = ContractServices.defined();

  private static Stream<MethodDescriptor> methods() {
    return SERVICES.stream()
        .flatMap(
            service -> {
              FileDescriptor file =
                  ((ProtoFileDescriptorSupplier) service.getSchemaDescriptor()).getFileDescriptor();
              return file.getServices().stream();
            })
        .map(ServiceDescriptor::getMethods)
        .flatMap(List::stream);
  }

  @TestFactory
  Stream<DynamicTest> everyMethodNamesItsPermission() {
    return methods()
        .map(
            method ->
                DynamicTest.dynamicTest(
                    method.getFullName(),
                    () ->
                        assertThat(MethodPermissions.permission(method))
                            .isNotIn(Permission.PERMISSION_UNSPECIFIED, Permission.UNRECOGNIZED)));
  }

  @TestFactory
  Stream<DynamicTest> whatIsAboutATenantNamesIt() {
    Set<String> aboutNone = Set.of("GetPipelineHealth", "WhoAmI", "ChangePassword", "ListTenants");
    return methods()
        .filter(method -> !aboutNone.contains(method.getName()))
        .map(
            method ->
                DynamicTest.dynamicTest(
                    method.getFullName(),
                    () ->
                        assertThat(method.getInputType().findFieldByName("tenant_id"))
                            .isNotNull()));
  }

  @Test
  void aServiceWhoseMethodsNameNoneIsNotServed() {
    BindableService health =
        () ->
            ServerServiceDefinition.builder(HealthGrpc.getServiceDescriptor())
                .addMethod(
                    HealthGrpc.getCheckMethod(),
                    (call, headers) -> new io.grpc.ServerCall.Listener<>() {})
                .addMethod(
                    HealthGrpc.getWatchMethod(),
                    (call, headers) -> new io.grpc.ServerCall.Listener<>() {})
                .build();
    assertThatThrownBy(() -> new MethodPermissions(List.of(health)))
        .hasMessageContaining("grpc.health.v1.Health")
        .hasMessageContaining("no permission");
  }

  @Test
  void everyPermissionIsInSomeRoleAndOnlyAdminsHaveAll() {
    for (Permission permission : Permission.values()) {
      if (permission == Permission.PERMISSION_UNSPECIFIED
          || permission == Permission.UNRECOGNIZED) {
        continue;
      }
      assertThat(Roles.permissions(Set.of(Role.ROLE_ADMIN), true)).contains(permission);
      boolean reserved =
          Set.of(
                  Permission.PERMISSION_ACCESS_MANAGE,
                  Permission.PERMISSION_TENANT_CONFIGURE,
                  Permission.PERMISSION_AUDIT_READ,
                  Permission.PERMISSION_TENANTS_MANAGE)
              .contains(permission);
      Set<Role> others =
          Set.of(
              Role.ROLE_VIEWER,
              Role.ROLE_ANALYST,
              Role.ROLE_ENGINEER,
              Role.ROLE_RESPONDER,
              Role.ROLE_APPROVER,
              Role.ROLE_BILLING);
      assertThat(Roles.permissions(others, true).contains(permission))
          .as(permission.name())
          .isEqualTo(!reserved);
    }
    assertThat(Roles.permissions(Set.of(Role.ROLE_ADMIN), false))
        .doesNotContain(Permission.PERMISSION_TENANTS_MANAGE);
  }

  @Test
  void whoAsksForAResponseDoesNotApproveIt() {
    assertThat(Roles.permissions(Set.of(Role.ROLE_RESPONDER), false))
        .contains(Permission.PERMISSION_RESPONSE_REQUEST)
        .doesNotContain(Permission.PERMISSION_RESPONSE_APPROVE);
    assertThat(Roles.permissions(Set.of(Role.ROLE_APPROVER), false))
        .contains(Permission.PERMISSION_RESPONSE_APPROVE)
        .doesNotContain(Permission.PERMISSION_RESPONSE_REQUEST);
  }
}
