package dev.tidewatch.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.Status.Code;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * Every method that changes something, called twice with one idempotency key: the same answer and
 * one effect; and with another request under the key: a clear error. Methods come from the
 * services' descriptors, so that a new one fails until its request is told here.
 */
final class RepeatedCalls {
  /** POST, for their requests are large, though they change nothing. */
  private static final Set<String> READS = Set.of("ValidateRules", "TestRules");

  /** Of a person that has signed in, which no key is; {@code PasswordsIT} has it. */
  private static final Set<String> OF_PEOPLE = Set.of("ChangePassword");

  private static final String RULE =
      "title: T\\nid: %s\\nlogsource:\\n  product: windows\\n"
          + "detection:\\n  s:\\n    EventID: %%d\\n  condition: s\\n";

  /**
   * Requests, in which {@code #} is 1 or 2, and {@code <x>} an id of {@link Given}; of most in the
   * second request one that nothing has.
   */
  private static final Map<String, String> REQUESTS =
      Map.ofEntries(
          Map.entry(
              "CreateUser",
              "{'name':'user-#','displayName':'Ann','password':'correct horse battery #',"
                  + "'roles':['ROLE_VIEWER']}"),
          Map.entry(
              "UpdateUser", "{'userId':'<user>','displayName':'#','updateMask':'displayName'}"),
          Map.entry("ResetPassword", "{'userId':'<user>'}"),
          Map.entry("DeleteUser", "{'userId':'<user>'}"),
          Map.entry("CreateApiKey", "{'name':'key #','roles':['ROLE_VIEWER'],'validDays':1}"),
          Map.entry("RevokeApiKey", "{'keyId':'<key>'}"),
          Map.entry("RevokeAgent", "{'agentId':'<agent>','reason':'#'}"),
          Map.entry(
              "SendCommand",
              "{'agentId':'<agent>','command':{'reason':'#','killProcess':{'pid':7}}}"),
          Map.entry("PutAgentConfiguration", "{'content':'# of settings'}"),
          Map.entry(
              "SetDisposition",
              "{'alertIds':['<alert>'],'verdict':'VERDICT_BENIGN','comment':'#'}"),
          Map.entry("AssignAlerts", "{'alertIds':['<alert>'],'assignee':'key:local@system'}"),
          Map.entry("CreateSavedFilter", "{'name':'filter #','query':'severity:high'}"),
          Map.entry("UpdateSavedFilter", "{'filterId':'<filter>','name':'new #','query':'a'}"),
          Map.entry("DeleteSavedFilter", "{'filterId':'<filter>'}"),
          Map.entry("CreateTenant", "{'tenantId':'<fresh>','displayName':'#'}"),
          Map.entry("UpdateTenant", "{'displayName':'#','updateMask':'displayName'}"),
          Map.entry("SuspendTenant", "{'reason':'#'}"),
          Map.entry("ResumeTenant", "{}"),
          Map.entry("DeleteTenant", "{'confirm':'<tenant>'}"),
          Map.entry("SetRetention", "{'eventsDays':3#,'alertsDays':40}"),
          Map.entry("SetQuotas", "{'quotas':{'users':'10#'}}"),
          Map.entry("CreateEnrolmentToken", "{'comment':'#','validHours':1}"),
          Map.entry("RevokeEnrolmentToken", "{'tokenId':'<token>'}"),
          Map.entry("PutValueList", "{'name':'list','entries':['#']}"),
          Map.entry("DeleteValueList", "{'name':'<list>'}"),
          Map.entry("DeployRules", "{'files':[{'file':'r.yml','text':'<text>'}],'comment':'#'}"),
          Map.entry("ImportRules", "{'files':[{'file':'r.yml','text':'<text>'}],'comment':'#'}"),
          Map.entry("CreateRuleVersion", "{'file':'r.yml','source':'<text>','comment':'#'}"),
          Map.entry("RollbackRule", "{'ruleId':'<rule>','comment':'#'}"),
          Map.entry("RetireRule", "{'ruleId':'<rule>','comment':'#'}"),
          Map.entry("StageRule", "{'ruleId':'<rule>','stage':'RULE_STAGE_SHADOW','comment':'#'}"));

  /** Makes what a request is about, in a tenant, and tells its id. */
  interface Given {
    String of(String what, String tenant) throws Exception;
  }

  private final GuardedServer server;
  private final RawGrpc grpc;
  private final Given given;

  RepeatedCalls(GuardedServer server, Given given) {
    this.server = server;
    this.grpc = new RawGrpc(server.port());
    this.given = given;
  }

  /** A rule's text with another id each time, as a JSON string has it; for {@code formatted}. */
  static String text() {
    return RULE.formatted(UUID.randomUUID());
  }

  /** Methods that change something, of services that {@code service} takes. */
  static List<MethodDescriptor<?, ?>> changing(Predicate<String> service) {
    return ContractServices.defined().stream()
        .filter(defined -> service.test(defined.getName()))
        .<MethodDescriptor<?, ?>>flatMap(defined -> defined.getMethods().stream())
        .filter(RepeatedCalls::changes)
        .toList();
  }

  private static boolean changes(MethodDescriptor<?, ?> method) {
    HttpRule http =
        ((ProtoMethodDescriptorSupplier) method.getSchemaDescriptor())
            .getMethodDescriptor()
            .getOptions()
            .getExtension(AnnotationsProto.http);
    String name = String.valueOf(method.getBareMethodName());
    return http.getGet().isEmpty()
        && method.getType() == MethodDescriptor.MethodType.UNARY
        && Stream.of(READS, OF_PEOPLE).noneMatch(names -> names.contains(name));
  }

  /**
   * @throws AssertionError where the method does not keep to its key
   */
  void check(MethodDescriptor<?, ?> method) throws Exception {
    String tenant = "r" + UUID.randomUUID().toString().substring(0, 8);
    server.createTenant(tenant);
    byte[] request = request(method, tenant, 1);
    byte[] other = request(method, tenant, 2);
    if (Arrays.equals(request, other)) {
      // Nothing but a tenant can be said; a field of a later version makes it another request.
      other = Arrays.copyOf(other, other.length + 3);
      other[other.length - 3] = (byte) 0x98;
      other[other.length - 2] = 0x06;
      other[other.length - 1] = 1;
    }
    String key = UUID.randomUUID().toString();
    long before = effects(method);

    RawGrpc.Answer first = send(method, request, key);
    assertThat(first.status()).as(method.getFullMethodName()).isEqualTo(Code.OK);
    RawGrpc.Answer again = send(method, request, key);
    if (again.status() == Code.ALREADY_EXISTS) {
      assertThat(first.body()).as("an answer that is not kept has a secret").isNotEmpty();
    } else {
      assertThat(again.status()).isEqualTo(Code.OK);
      assertThat(again.body()).as("the first answer").isEqualTo(first.body());
    }
    assertThat(effects(method) - before).as("records of a change").isEqualTo(1);
    RawGrpc.Answer refused = send(method, other, key);
    assertThat(refused.status()).as("another request").isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(refused.message()).contains("idempotency-key");
    assertThat(effects(method) - before).as("records of a change").isEqualTo(1);
  }

  private RawGrpc.Answer send(MethodDescriptor<?, ?> method, byte[] request, String key) {
    return grpc.send(
        method, request, "authorization", "Bearer " + server.operatorKey, "idempotency-key", key);
  }

  private byte[] request(MethodDescriptor<?, ?> method, String tenant, int number)
      throws Exception {
    String name = String.valueOf(method.getBareMethodName());
    String json = REQUESTS.get(name);
    assertThat(json).as("%s is new: tell a request of it in RepeatedCalls", name).isNotNull();
    String filled = json.replace('\'', '"').replace("#", "" + number);
    for (int at = filled.indexOf('<'); at >= 0; at = filled.indexOf('<')) {
      String what = filled.substring(at + 1, filled.indexOf('>'));
      filled = filled.replace("<" + what + ">", value(what, tenant, number));
    }
    Message.Builder builder =
        ((Message) ((PrototypeMarshaller<?>) method.getRequestMarshaller()).getMessagePrototype())
            .newBuilderForType();
    if (builder.getDescriptorForType().findFieldByName("tenant_id") != null
        && !filled.contains("tenantId")) {
      filled =
          "{\"tenantId\":\""
              + tenant
              + "\""
              + (filled.equals("{}") ? "" : ",")
              + filled.substring(1);
    }
    return read(filled, builder);
  }

  private static byte[] read(String json, Message.Builder builder) {
    try {
      JsonFormat.parser().merge(json, builder);
      return builder.build().toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(json, e);
    }
  }

  private String value(String what, String tenant, int number) throws Exception {
    return switch (what) {
      case "tenant" -> tenant;
      case "fresh" -> "f" + tenant;
      case "text" -> text().formatted(number);
      case "alert" -> given.of(what, tenant);
      default -> number == 1 ? given.of(what, tenant) : UUID.randomUUID().toString();
    };
  }

  /** Changes by this method that are in anybody's audit log, past every policy. */
  private long effects(MethodDescriptor<?, ?> method) {
    try (Handle handle = server.superuser()) {
      return handle
          .createQuery("SELECT count(*) FROM audit_log WHERE method = ? AND outcome = 'changed'")
          .bind(0, method.getFullMethodName())
          .mapTo(Long.class)
          .one();
    }
  }
}
