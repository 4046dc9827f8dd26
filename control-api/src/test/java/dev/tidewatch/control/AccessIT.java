package dev.tidewatch.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.tidewatch.control.access.MethodPermissions;
import dev.tidewatch.control.access.TokenOptions;
import dev.tidewatch.control.v1.Caller;
import dev.tidewatch.control.v1.CreateApiKeyResponse;
import dev.tidewatch.control.v1.Permission;
import dev.tidewatch.control.v1.Role;
import dev.tidewatch.embedded.junit.PostgresExtension;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.Status.Code;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in, and to what: every method, generated from the services' descriptors. */
class AccessIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();
  @TempDir static Path directory;

  private static final String ISSUER = "https://login.example";
  private static final List<Role> ROLES =
      Stream.of(Role.values())
          .filter(role -> role != Role.ROLE_UNSPECIFIED && role != Role.UNRECOGNIZED)
          .toList();

  private static final Map<Role, String> KEYS = new EnumMap<>(Role.class);
  private static JwksServer jwks;
  private static GuardedServer server;
  private static RawGrpc grpc;
  private static List<ServiceDescriptor> services;

  @BeforeAll
  static void start() throws Exception {
    jwks = new JwksServer();
    TokenOptions tokens = TokenOptions.of(ISSUER, "tidewatch", jwks.url());
    server =
        GuardedServer.start(
            POSTGRES.postgres(),
            "http://127.0.0.1:1",
            directory,
            access -> access.withTokens(tokens).withRequestsPerSecond(10_000));
    grpc = new RawGrpc(server.port());
    services = ContractServices.served(server.port());
    server.createTenant("acme");
    server.createTenant("globex");
    for (Role role : ROLES) {
      KEYS.put(role, server.createKey("acme", role).getSecret());
    }
  }

  @AfterAll
  static void stop() {
    server.close();
    jwks.close();
  }

  private static Stream<MethodDescriptor<?, ?>> methods() {
    return services.stream().flatMap(service -> service.getMethods().stream());
  }

  private static Stream<DynamicTest> everyMethod(ThrowingCheck check) {
    return methods()
        .map(
            method ->
                DynamicTest.dynamicTest(method.getFullMethodName(), () -> check.check(method)));
  }

  private interface ThrowingCheck {
    void check(MethodDescriptor<?, ?> method) throws Exception;
  }

  private static Permission permission(MethodDescriptor<?, ?> method) {
    return MethodPermissions.permission(
        ((ProtoMethodDescriptorSupplier) method.getSchemaDescriptor()).getMethodDescriptor());
  }

  private static boolean isAboutATenant(MethodDescriptor<?, ?> method) {
    return ((ProtoMethodDescriptorSupplier) method.getSchemaDescriptor())
            .getMethodDescriptor()
            .getInputType()
            .findFieldByName("tenant_id")
        != null;
  }

  // Every method

  @Test
  void everyServiceOfTheContractsIsServed() {
    assertThat(services)
        .extracting(ServiceDescriptor::getName)
        .containsExactlyElementsOf(
            ContractServices.defined().stream().map(ServiceDescriptor::getName).toList())
        .contains(
            "tidewatch.control.v1.RuleDeploymentService", "tidewatch.control.v1.WorkbenchService");
  }

  @TestFactory
  Stream<DynamicTest> withoutCredentialsNothing() {
    return everyMethod(
        method -> assertThat(grpc.call(method, "acme")).isEqualTo(Code.UNAUTHENTICATED));
  }

  @TestFactory
  Stream<DynamicTest> withWrongCredentialsNothing() throws Exception {
    CreateApiKeyResponse expired = server.createKey("acme", Role.ROLE_ADMIN);
    CreateApiKeyResponse revoked = server.createKey("acme", Role.ROLE_ADMIN);
    try (Handle superuser = server.superuser()) {
      superuser.execute(
          "UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE key_id = ?::uuid",
          expired.getApiKey().getKeyId());
    }
    String revoke = "/v1/tenants/acme/apikeys/" + revoked.getApiKey().getKeyId() + ":revoke";
    assertThat(server.send("POST", revoke, server.operatorKey, "{}").statusCode()).isEqualTo(200);
    String good = KEYS.get(Role.ROLE_ADMIN);
    char last = good.charAt(good.length() - 5);
    String guessed =
        good.substring(0, good.length() - 5)
            + (last == 'A' ? 'B' : 'A')
            + good.substring(good.length() - 4);
    List<String> wrong =
        List.of(
            "Bearer " + expired.getSecret(),
            "Bearer " + revoked.getSecret(),
            "Bearer " + guessed,
            "Bearer twk.",
            "Bearer twk.YWNtZQ.AAAA",
            "Bearer",
            "Basic YWRtaW46YWRtaW4=",
            "Bearer eyJhbGciOiJub25lIn0.e30.");
    return everyMethod(
        method -> {
          for (String authorization : wrong) {
            assertThat(grpc.call(method, "acme", "authorization", authorization))
                .as(authorization)
                .isEqualTo(Code.UNAUTHENTICATED);
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> anotherTenantsDataIsOutOfReach() {
    return everyMethod(
        method -> {
          if (isAboutATenant(method)) {
            for (String tenant : List.of("globex", "system", "nobody", "", "ACME", "acme ")) {
              assertThat(
                      grpc.call(
                          method, tenant, "authorization", "Bearer " + KEYS.get(Role.ROLE_ADMIN)))
                  .as("tenant '%s'", tenant)
                  .isEqualTo(Code.PERMISSION_DENIED);
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> rolesMayWhatTheTableSays() {
    return everyMethod(
        method -> {
          for (Role role : ROLES) {
            Code code = grpc.call(method, "acme", "authorization", "Bearer " + KEYS.get(role));
            boolean allowed =
                caller(KEYS.get(role)).getPermissionsList().contains(permission(method));
            assertThat(code == Code.PERMISSION_DENIED)
                .as("%s by %s: %s", method.getFullMethodName(), role, code)
                .isEqualTo(!allowed);
            assertThat(code).isNotEqualTo(Code.UNAUTHENTICATED);
          }
        });
  }

  /** The same for tokens of an issuer, and for browsers' sessions. */
  @TestFactory
  Stream<DynamicTest> tokensAndSessionsAreHeldToTheSame() throws Exception {
    RSAKey rsa = new RSAKeyGenerator(2048).keyID("matrix").generate();
    jwks.publish(rsa);
    RSASSASigner signer = new RSASSASigner(rsa);
    String viewer = signed(JWSAlgorithm.RS256, "matrix", signer, same());
    assertThat(statusSoon(viewer, 200)).isEqualTo(200);
    String expired =
        signed(
            JWSAlgorithm.RS256,
            "matrix",
            signer,
            claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(60))));
    String foreign =
        signed(
            JWSAlgorithm.RS256,
            "matrix",
            signer,
            claims ->
                claims
                    .claim("tidewatch_tenant", "globex")
                    .claim("tidewatch_roles", List.of("admin")));
    HttpResponse<String> signedIn = signIn("admin", server.operatorPassword);
    String set = signedIn.headers().firstValue("set-cookie").orElseThrow();
    String cookie = set.substring(0, set.indexOf(';'));
    return everyMethod(
        method -> {
          assertThat(grpc.call(method, "acme", "authorization", "Bearer " + expired))
              .as("expired token")
              .isEqualTo(Code.UNAUTHENTICATED);
          boolean allowed =
              caller(KEYS.get(Role.ROLE_VIEWER)).getPermissionsList().contains(permission(method));
          assertThat(grpc.call(method, "acme", "authorization", "Bearer " + viewer))
              .as("a viewer's token")
              .matches(code -> (code == Code.PERMISSION_DENIED) != allowed);
          if (isAboutATenant(method)) {
            assertThat(grpc.call(method, "acme", "authorization", "Bearer " + foreign))
                .as("a token of another tenant")
                .isEqualTo(Code.PERMISSION_DENIED);
          }
          assertThat(grpc.call(method, "acme", "cookie", cookie))
              .as("a session without its CSRF token")
              .isEqualTo(Code.UNAUTHENTICATED);
          assertThat(grpc.call(method, "acme", "cookie", "tidewatch_session=c3lzdGVt.AAAA"))
              .as("no session")
              .isEqualTo(Code.UNAUTHENTICATED);
        });
  }

  @TestFactory
  Stream<DynamicTest> aScopedKeyMayNoMoreThanItsScopes() throws Exception {
    String key =
        server.createKey("acme", Role.ROLE_ADMIN, Permission.PERMISSION_EVENTS_READ).getSecret();
    return everyMethod(
        method -> {
          boolean allowed =
              List.of(Permission.PERMISSION_SELF, Permission.PERMISSION_EVENTS_READ)
                  .contains(permission(method));
          assertThat(grpc.call(method, "acme", "authorization", "Bearer " + key))
              .matches(code -> (code == Code.PERMISSION_DENIED) != allowed);
        });
  }

  private static Caller caller(String key) throws Exception {
    return GuardedServer.read(server.get("/v1/whoami", key), Caller.getDefaultInstance());
  }

  @Test
  void theSameHoldsForJsonAndTheEventStream() throws Exception {
    String viewer = KEYS.get(Role.ROLE_VIEWER);
    for (String path :
        List.of(
            "/v1/tenants/acme/rules", "/v1/tenants/acme/alerts:stream", "/v1/pipeline/health")) {
      assertThat(server.get(path, "").statusCode()).as(path).isEqualTo(401);
      assertThat(server.get(path, KEYS.get(Role.ROLE_BILLING)).statusCode())
          .as(path)
          .isEqualTo(403);
    }
    assertThat(server.get("/v1/tenants/globex/alerts:stream", viewer).statusCode()).isEqualTo(403);
    assertThat(server.get("/v1/tenants/globex/rules", viewer).statusCode()).isEqualTo(403);
    assertThat(server.get("/v1/tenants/acme/rules", viewer).statusCode()).isEqualTo(200);
    assertThat(server.get("/v1/tenants/acme/users", viewer).body())
        .contains("\"status\":\"PERMISSION_DENIED\"", "access_manage");
  }

  @Test
  void whatIsPublicIsPublic() throws Exception {
    for (String path : List.of("/healthz", "/metrics", "/openapi.json")) {
      assertThat(server.get(path, "").statusCode()).as(path).isEqualTo(200);
    }
  }

  @Test
  void nobodyGivesMoreThanItHas() throws Exception {
    String engineer =
        """
        {"tenantId": "acme", "name": "more", "roles": ["ROLE_ADMIN"], "validDays": 1}\
        """;
    String limited =
        server.createKey("acme", Role.ROLE_ADMIN, Permission.PERMISSION_ACCESS_MANAGE).getSecret();
    HttpResponse<String> answer =
        server.send("POST", "/v1/tenants/acme/apikeys", limited, engineer);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
  }

  // JSON web tokens

  @Test
  void tokensOfTheIssuerAreTakenAndNoOthers() throws Exception {
    RSAKey rsa = new RSAKeyGenerator(2048).keyID("rsa-1").generate();
    ECKey ec = new ECKeyGenerator(Curve.P_256).keyID("ec-1").generate();
    RSAKey stranger = new RSAKeyGenerator(2048).keyID("rsa-1").generate();
    jwks.publish(rsa, ec);
    RSASSASigner signer = new RSASSASigner(rsa);

    // Keys that are not known are fetched once a second at most, and a test before this may have.
    assertThat(statusSoon(signed(JWSAlgorithm.RS256, "rsa-1", signer, same()), 200)).isEqualTo(200);
    assertThat(statusSoon(signed(JWSAlgorithm.ES256, "ec-1", new ECDSASigner(ec), same()), 200))
        .isEqualTo(200);

    assertThat(status(new PlainJWT(claims().build()).serialize())).as("none").isEqualTo(401);
    byte[] publicKey =
        rsa.toPublicJWK().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    assertThat(status(signed(JWSAlgorithm.HS256, "rsa-1", new MACSigner(publicKey), same())))
        .as("a MAC with the public key")
        .isEqualTo(401);
    assertThat(status(signed(JWSAlgorithm.RS256, "rsa-1", new RSASSASigner(stranger), same())))
        .as("another key")
        .isEqualTo(401);
    assertThat(status(signed(JWSAlgorithm.RS512, "rsa-1", signer, same())))
        .as("an algorithm that is not ours")
        .isEqualTo(401);
    assertThat(status(signed(JWSAlgorithm.RS256, "rsa-9", signer, same())))
        .as("unknown key id")
        .isEqualTo(401);
    refused(signer, "audience", claims -> claims.audience("another"));
    refused(signer, "issuer", claims -> claims.issuer("https://evil.example"));
    refused(signer, "no tenant", claims -> claims.claim("tidewatch_tenant", null));
    refused(signer, "no expiry", claims -> claims.expirationTime(null));
    refused(
        signer,
        "expired",
        claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(60))));
    refused(
        signer,
        "not yet",
        claims -> claims.notBeforeTime(Date.from(Instant.now().plusSeconds(600))));
    String good = signed(JWSAlgorithm.RS256, "rsa-1", signer, same());
    assertThat(status(good.substring(0, good.length() - 6) + "AAAAAA")).isEqualTo(401);
  }

  private static void refused(
      JWSSigner signer, String what, UnaryOperator<JWTClaimsSet.Builder> change) throws Exception {
    assertThat(status(signed(JWSAlgorithm.RS256, "rsa-1", signer, change))).as(what).isEqualTo(401);
  }

  @Test
  void keysRotate() throws Exception {
    RSAKey old = new RSAKeyGenerator(2048).keyID("old").generate();
    RSAKey young = new RSAKeyGenerator(2048).keyID("young").generate();
    jwks.publish(old);
    assertThat(statusSoon(signed(JWSAlgorithm.RS256, "old", new RSASSASigner(old), same()), 200))
        .isEqualTo(200);
    jwks.publish(young);
    // A key id that is not known makes the server fetch the set again.
    assertThat(
            statusSoon(signed(JWSAlgorithm.RS256, "young", new RSASSASigner(young), same()), 200))
        .isEqualTo(200);
    String late =
        signed(JWSAlgorithm.RS256, "old", new RSASSASigner(old), claims -> claims.jwtID("another"));
    assertThat(status(late)).as("the old key after rotation").isEqualTo(401);
  }

  /** Key sets are fetched at most once a second. */
  private static int statusSoon(String token, int wanted) {
    int[] status = new int[1];
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              status[0] = status(token);
              return status[0] == wanted;
            });
    return status[0];
  }

  private static UnaryOperator<JWTClaimsSet.Builder> same() {
    return claims -> claims;
  }

  private static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer(ISSUER)
        .audience("tidewatch")
        .subject("ada")
        .claim("tidewatch_tenant", "acme")
        .claim("tidewatch_roles", List.of("viewer", "unheard-of"))
        .expirationTime(Date.from(Instant.now().plusSeconds(300)));
  }

  private static String signed(
      JWSAlgorithm algorithm,
      String keyId,
      JWSSigner signer,
      UnaryOperator<JWTClaimsSet.Builder> change)
      throws Exception {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(algorithm).keyID(keyId).build(), change.apply(claims()).build());
    token.sign(signer);
    return token.serialize();
  }

  private static int status(String token) throws Exception {
    return server.get("/v1/tenants/acme/rules", token).statusCode();
  }

  // Sessions

  @Test
  void aBrowserSignsInAndItsCookieIsForItsOwnPagesOnly() throws Exception {
    HttpResponse<String> signedIn = signIn("admin", server.operatorPassword);
    assertThat(signedIn.statusCode()).as(signedIn.body()).isEqualTo(200);
    String set = signedIn.headers().firstValue("set-cookie").orElseThrow();
    assertThat(set)
        .containsIgnoringCase("HttpOnly")
        .contains("SameSite=Strict", "Path=/", "Max-Age=");
    String cookie = set.substring(0, set.indexOf(';'));
    String csrf = signedIn.body().replaceAll(".*\"csrf\":\"([^\"]+)\".*", "$1");

    assertThat(withCookie("GET", "/v1/tenants/acme/users", cookie).statusCode()).isEqualTo(200);
    assertThat(withCookie("GET", "/v1/session", cookie).body())
        .contains("user:admin@system", csrf)
        .doesNotContain(cookie);
    String path = "/v1/tenants/acme/valuelists/hosts";
    assertThat(withCookie("PUT", path, cookie).statusCode()).as("no token").isEqualTo(401);
    assertThat(withCookie("PUT", path, cookie, "x-tidewatch-csrf", "guess").statusCode())
        .isEqualTo(401);
    assertThat(
            withCookie(
                    "PUT", path, cookie, "x-tidewatch-csrf", csrf, "origin", "http://evil.example")
                .statusCode())
        .isEqualTo(401);
    assertThat(
            withCookie(
                    "PUT", path, cookie, "x-tidewatch-csrf", csrf, "sec-fetch-site", "cross-site")
                .statusCode())
        .isEqualTo(401);
    HttpResponse<String> put =
        withCookie(
            "PUT",
            path,
            cookie,
            "x-tidewatch-csrf",
            csrf,
            "origin",
            "http://127.0.0.1:" + server.port());
    assertThat(put.statusCode()).as(put.body()).isEqualTo(200);

    assertThat(withCookie("DELETE", "/v1/session", cookie, "x-tidewatch-csrf", csrf).statusCode())
        .isEqualTo(204);
    assertThat(withCookie("GET", "/v1/tenants/acme/users", cookie).statusCode()).isEqualTo(401);
  }

  @Test
  void wrongPasswordsAreRefusedAlikeAndNotForever() throws Exception {
    HttpResponse<String> wrong = signIn("admin", "not the password");
    HttpResponse<String> nobody = signIn("nobody@acme", "not the password");
    assertThat(wrong.statusCode()).isEqualTo(401);
    assertThat(wrong.body().replaceAll("\"requestId\":\"[^\"]*\"", ""))
        .isEqualTo(nobody.body().replaceAll("\"requestId\":\"[^\"]*\"", ""));
    assertThat(signIn("admin'; DROP TABLE users; --@acme", "x").statusCode()).isEqualTo(401);
    assertThat(
            server
                .send("POST", "/v1/session", "", "user=admin", "content-type", "text/plain")
                .statusCode())
        .isEqualTo(400);
    int refused = 0;
    // One is given back every six seconds: a slow machine needs more than eleven.
    for (int attempt = 0; attempt < 60 && refused == 0; attempt++) {
      refused += signIn("victim@acme", "guess " + attempt).statusCode() == 429 ? 1 : 0;
    }
    assertThat(refused).isPositive();
    assertThat(signIn("admin", server.operatorPassword).statusCode()).isEqualTo(200);
  }

  private static HttpResponse<String> signIn(String user, String password) throws Exception {
    String body = "{\"user\": \"%s\", \"password\": \"%s\"}".formatted(user, password);
    return server.send("POST", "/v1/session", "", body);
  }

  private static HttpResponse<String> withCookie(
      String method, String path, String cookie, String... headers) throws Exception {
    String[] all =
        Stream.concat(Stream.of("cookie", cookie), Stream.of(headers)).toArray(String[]::new);
    String body = method.equals("PUT") ? "{\"entries\": [\"ws-01\"]}" : "";
    return server.send(method, path, "", body, all);
  }
}
