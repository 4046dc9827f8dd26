package dev.tidewatch.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.tidewatch.control.access.OidcOptions;
import dev.tidewatch.control.v1.AuditRecord;
import dev.tidewatch.control.v1.ListAuditRecordsResponse;
import dev.tidewatch.control.v1.ListUsersResponse;
import dev.tidewatch.control.v1.User;
import dev.tidewatch.embedded.junit.PostgresExtension;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Sign-in at an OpenID Connect issuer, with the test as the browser. */
class OidcSignInIT {
  private static final String CALLBACK = OidcOptions.CALLBACK;

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();
  @TempDir static Path directory;

  private static LocalIssuer issuer;
  private static GuardedServer server;

  /** A sign-in that was begun: the cookie of it, and where the issuer is. */
  private record Begun(String cookie, URI issuer) {}

  @BeforeAll
  static void start() throws Exception {
    issuer = new LocalIssuer();
    OidcOptions options =
        OidcOptions.of(
            "Example",
            issuer.url(),
            LocalIssuer.CLIENT,
            Optional.of(LocalIssuer.SECRET),
            URI.create("https://tidewatch.example" + CALLBACK));
    server =
        GuardedServer.start(
            POSTGRES.postgres(),
            "http://127.0.0.1:1",
            directory,
            access -> access.withSignIn(options));
    server.createTenant("acme");
  }

  @AfterAll
  static void stop() {
    server.close();
    issuer.close();
  }

  @BeforeEach
  void honestIssuer() {
    issuer.claims = same -> same;
    issuer.signer = issuer::signed;
  }

  private static Begun begin() throws Exception {
    HttpResponse<String> answer = server.get("/v1/session/oidc", "");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
    String set = answer.headers().firstValue("set-cookie").orElseThrow();
    assertThat(set)
        .contains("SameSite=Lax", "Path=/v1/session/oidc")
        .containsIgnoringCase("HttpOnly");
    return new Begun(
        set.substring(0, set.indexOf(';')),
        URI.create(answer.headers().firstValue("location").orElseThrow()));
  }

  private static HttpResponse<String> back(String query, String cookie) throws Exception {
    return server.send("GET", CALLBACK + "?" + query, "", "", "cookie", cookie);
  }

  private static HttpResponse<String> signIn() throws Exception {
    Begun begun = begin();
    return back(issuer.signIn(begun.issuer()), begun.cookie());
  }

  private static HttpResponse<String> signIn(UnaryOperator<JWTClaimsSet.Builder> change)
      throws Exception {
    issuer.claims = change;
    return signIn();
  }

  private static Optional<String> session(HttpResponse<String> answer) {
    return answer.headers().allValues("set-cookie").stream()
        .filter(cookie -> cookie.startsWith("tidewatch_session="))
        .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
        .findFirst();
  }

  private static void assertFailed(String what, HttpResponse<String> answer, String reason) {
    assertThat(answer.statusCode()).as(what).isEqualTo(303);
    assertThat(answer.headers().firstValue("location"))
        .as(what)
        .contains("/?sign-in-failed=" + reason);
    assertThat(session(answer)).as(what).isEmpty();
  }

  private static User user(String name) throws Exception {
    return GuardedServer.read(
            server.get("/v1/tenants/acme/users", server.operatorKey),
            ListUsersResponse.getDefaultInstance())
        .getUsersList()
        .stream()
        .filter(user -> user.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static void update(String name, String fields, String mask) throws Exception {
    String path = "/v1/tenants/acme/users/" + user(name).getUserId();
    String body = "{%s, \"updateMask\": \"%s\"}".formatted(fields, mask);
    HttpResponse<String> answer = server.send("PATCH", path, server.operatorKey, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  @Test
  void theWaysToSignInAreToldToEverybody() throws Exception {
    HttpResponse<String> ways = server.get("/v1/session/ways", "");
    assertThat(ways.statusCode()).isEqualTo(200);
    assertThat(ways.body()).isEqualTo("{\"local\":true,\"oidc\":{\"name\":\"Example\"}}");
  }

  @Test
  void whoTheIssuerVouchesForGetsASession() throws Exception {
    HttpResponse<String> answer = signIn();
    assertThat(answer.headers().firstValue("location")).contains("/");
    String cookie = session(answer).orElseThrow();

    HttpResponse<String> who = server.send("GET", "/v1/session", "", "", "cookie", cookie);
    assertThat(who.body())
        .contains("user:oidc:ada@acme", "\"roles\":[\"analyst\"]", "\"operator\":false");
    assertThat(server.send("GET", "/v1/tenants/acme/users", "", "", "cookie", cookie).statusCode())
        .as("an analyst")
        .isEqualTo(403);
    User ada = user("oidc:ada");
    assertThat(ada.getSingleSignOn()).isTrue();
    assertThat(ada.getDisplayName()).isEqualTo("Ada <b>L.</b>");
    List<AuditRecord> records =
        GuardedServer.read(
                server.get("/v1/tenants/acme/audit?page_size=500", server.operatorKey),
                ListAuditRecordsResponse.getDefaultInstance())
            .getRecordsList();
    assertThat(records)
        .anySatisfy(
            record -> {
              assertThat(record.getActor()).isEqualTo("user:oidc:ada@acme");
              assertThat(record.getDetail()).contains("analyst");
            });

    assertThat(signIn(claims -> claims.claim("tidewatch_roles", List.of("viewer"))).statusCode())
        .isEqualTo(303);
    assertThat(user("oidc:ada").getRolesList()).as("the issuer's newest word").hasSize(1);
  }

  @Test
  void aCodeIsGoodOnceAndInItsOwnBrowser() throws Exception {
    Begun begun = begin();
    String query = issuer.signIn(begun.issuer());
    assertThat(session(back(query, begun.cookie()))).isPresent();
    assertFailed("replayed", back(query, begun.cookie()), "issuer");

    Begun other = begin();
    String stolen = issuer.signIn(begin().issuer());
    assertFailed("another state", back(stolen, other.cookie()), "state");
    assertFailed("no cookie", back(stolen, "x=y"), "state");
    assertFailed("no state", back("code=1", other.cookie()), "state");
    String state = issuer.signIn(other.issuer()).replaceAll(".*&state=", "");
    String code = stolen.replaceAll("&state=.*", "");
    assertFailed(
        "a code of another's, which was asked for with another PKCE verifier",
        back(code + "&state=" + state, other.cookie()),
        "issuer");
    for (String forged : List.of("", "e30", "A".repeat(4_000), "%00")) {
      assertFailed("cookie " + forged, back(query, "tidewatch_oidc=" + forged), "state");
    }
  }

  @Test
  void whatTheIssuerDidNotSayForThisSignInIsNotBelieved() throws Exception {
    assertFailed("nonce", signIn(claims -> claims.claim("nonce", "of another")), "token");
    assertFailed("no nonce", signIn(claims -> claims.claim("nonce", null)), "token");
    assertFailed("audience", signIn(claims -> claims.audience("another")), "token");
    assertFailed("issuer", signIn(claims -> claims.issuer("https://evil.example")), "token");
    assertFailed("party", signIn(claims -> claims.claim("azp", "another")), "token");
    assertFailed("no tenant", signIn(claims -> claims.claim("tidewatch_tenant", null)), "token");
    Date past = Date.from(Instant.now().minusSeconds(120));
    assertFailed("expired", signIn(claims -> claims.expirationTime(past)), "token");
    issuer.claims = same -> same;
    issuer.signer = issuer::unsigned;
    assertFailed("alg none", signIn(), "token");
    issuer.signer = issuer::forged;
    assertFailed("another key", signIn(), "token");
    issuer.signer = set -> "garbage";
    assertFailed("no token at all", signIn(), "issuer");
  }

  @Test
  void theIssuersRefusalIsOurs() throws Exception {
    Begun begun = begin();
    String state = issuer.signIn(begun.issuer()).replaceAll(".*&state=", "");
    assertFailed(
        "refused",
        back("error=access_denied%3Cscript%3E&state=" + state, begun.cookie()),
        "issuer");
    assertFailed(
        "another issuer mixed in",
        back("code=1&iss=https%3A%2F%2Fevil.example&state=" + state, begun.cookie()),
        "issuer");
  }

  @Test
  void withoutRolesAccessIsGivenHereOrNotAtAll() throws Exception {
    UnaryOperator<JWTClaimsSet.Builder> bob =
        claims -> claims.subject("bob").claim("tidewatch_roles", null);
    assertFailed("no role", signIn(bob), "access");
    update("oidc:bob", "\"roles\": [\"ROLE_VIEWER\"]", "roles");
    HttpResponse<String> answer = signIn(bob);
    String cookie = session(answer).orElseThrow();

    update("oidc:bob", "\"disabled\": true", "disabled");
    assertFailed("disabled", signIn(bob), "access");
    assertThat(server.send("GET", "/v1/session", "", "", "cookie", cookie).statusCode())
        .isEqualTo(401);
    assertFailed(
        "no such tenant", signIn(claims -> claims.claim("tidewatch_tenant", "nowhere")), "access");
  }

  @Test
  void nobodySignsInHereAsAUserOfTheIssuer() throws Exception {
    HttpResponse<String> unused = signIn();
    HttpResponse<String> answer =
        server.send(
            "POST", "/v1/session", "", "{\"user\": \"oidc:ada@acme\", \"password\": \"-\"}");
    assertThat(answer.statusCode()).isEqualTo(401);
    String path = "/v1/tenants/acme/users/" + user("oidc:ada").getUserId() + ":resetPassword";
    assertThat(server.send("POST", path, server.operatorKey, "{}").body())
        .contains("SINGLE_SIGN_ON");
  }
}
