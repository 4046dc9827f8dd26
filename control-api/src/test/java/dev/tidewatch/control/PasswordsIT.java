package dev.tidewatch.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.control.v1.AuditRecord;
import dev.tidewatch.control.v1.ListAuditRecordsResponse;
import dev.tidewatch.control.v1.ResetPasswordResponse;
import dev.tidewatch.control.v1.User;
import dev.tidewatch.embedded.junit.PostgresExtension;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Passwords: chosen, changed, reset, and what that ends. */
class PasswordsIT {
  private static final String FIRST = "correct horse battery";
  private static final String SECOND = "staple of another kind";

  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();
  @TempDir static Path directory;
  private static GuardedServer server;

  private final String name = "u" + UUID.randomUUID().toString().substring(0, 8);

  /** A browser that is signed in. */
  private record Browser(String cookie, String csrf) {
    int status() throws Exception {
      return server.send("GET", "/v1/session", "", "", "cookie", cookie).statusCode();
    }

    HttpResponse<String> change(String old, String now) throws Exception {
      String body = "{\"oldPassword\": \"%s\", \"newPassword\": \"%s\"}".formatted(old, now);
      return server.send(
          "POST", "/v1/whoami:password", "", body, "cookie", cookie, "x-tidewatch-csrf", csrf);
    }
  }

  @BeforeAll
  static void start() throws Exception {
    server =
        GuardedServer.start(POSTGRES.postgres(), "http://127.0.0.1:1", directory, access -> access);
    server.createTenant("acme");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private HttpResponse<String> create(String password) throws Exception {
    String body =
        "{\"name\": \"%s\", \"password\": \"%s\", \"roles\": [\"ROLE_VIEWER\"]}"
            .formatted(name, password);
    return server.send("POST", "/v1/tenants/acme/users", server.operatorKey, body);
  }

  private User user() throws Exception {
    return GuardedServer.read(create(FIRST), User.getDefaultInstance());
  }

  private HttpResponse<String> signIn(String password, String more) throws Exception {
    String body = "{\"user\": \"%s@acme\", \"password\": \"%s\"%s}".formatted(name, password, more);
    return server.send("POST", "/v1/session", "", body);
  }

  private Browser browser(String password) throws Exception {
    HttpResponse<String> answer = signIn(password, "");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    String set = answer.headers().firstValue("set-cookie").orElseThrow();
    return new Browser(
        set.substring(0, set.indexOf(';')),
        answer.body().replaceAll(".*\"csrf\":\"([^\"]+)\".*", "$1"));
  }

  private List<AuditRecord> audit(String method) throws Exception {
    return GuardedServer.read(
            server.get("/v1/tenants/acme/audit?page_size=500", server.operatorKey),
            ListAuditRecordsResponse.getDefaultInstance())
        .getRecordsList()
        .stream()
        .filter(record -> record.getMethod().contains(method))
        .filter(record -> record.getActor().contains(name) || record.getResource().contains(name))
        .toList();
  }

  @Test
  void whatIsTriedFirstIsNoPassword() throws Exception {
    for (String bad :
        List.of(
            "short",
            "aaaaaaaaaaaaaaaa",
            "password1234",
            "Password!2026",
            "123456789012",
            "tidewatch-01",
            "my " + name + " is it",
            "x".repeat(129))) {
      HttpResponse<String> answer = create(bad);
      assertThat(answer.statusCode()).as(bad).isEqualTo(400);
      assertThat(answer.body()).as(bad).contains("\"field\":\"password\"");
    }
    assertThat(create(FIRST).statusCode()).isEqualTo(200);
  }

  @Test
  void usersChangeTheirOwnAndItsOtherSessionsEnd() throws Exception {
    User unused = user();
    Browser mine = browser(FIRST);
    Browser other = browser(FIRST);

    HttpResponse<String> wrong = mine.change("not the old password", SECOND);
    assertThat(wrong.statusCode()).as(wrong.body()).isEqualTo(403);
    assertThat(mine.change(FIRST, FIRST).body()).contains("another than before");
    assertThat(mine.change(FIRST, "short").statusCode()).isEqualTo(400);
    assertThat(other.status()).as("nothing was changed").isEqualTo(200);

    HttpResponse<String> changed = mine.change(FIRST, SECOND);
    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    assertThat(mine.status()).isEqualTo(200);
    assertThat(other.status()).isEqualTo(401);
    assertThat(signIn(FIRST, "").statusCode()).isEqualTo(401);
    assertThat(signIn(SECOND, "").statusCode()).isEqualTo(200);
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(audit("ChangePassword"))
                    .extracting(AuditRecord::getOutcome)
                    .containsExactlyInAnyOrder("refused", "changed"));
    assertThat(audit("ChangePassword").toString()).doesNotContain(FIRST, SECOND);
  }

  @Test
  void guessesAtTheOldPasswordAreHeldOff() throws Exception {
    User unused = user();
    Browser stolen = browser(FIRST);
    int held = 0;
    // One is given back every six seconds: a slow machine needs more than eleven.
    for (int guess = 0; guess < 60 && held == 0; guess++) {
      held += stolen.change("guess number " + guess, SECOND).statusCode() == 429 ? 1 : 0;
    }
    assertThat(held).isPositive();
  }

  @Test
  void aResetPasswordIsGoodForNothingButToBeChanged() throws Exception {
    User user = user();
    Browser before = browser(FIRST);
    String path = "/v1/tenants/acme/users/" + user.getUserId() + ":resetPassword";
    ResetPasswordResponse reset =
        GuardedServer.read(
            server.send("POST", path, server.operatorKey, "{}"),
            ResetPasswordResponse.getDefaultInstance());
    assertThat(reset.getUser().getMustChangePassword()).isTrue();
    assertThat(before.status()).isEqualTo(401);
    assertThat(signIn(FIRST, "").statusCode()).isEqualTo(401);

    HttpResponse<String> asked = signIn(reset.getPassword(), "");
    assertThat(asked.statusCode()).isEqualTo(400);
    assertThat(asked.body()).contains("\"reason\":\"PASSWORD_MUST_CHANGE\"");
    assertThat(asked.headers().firstValue("set-cookie")).isEmpty();
    assertThat(signIn(reset.getPassword(), ", \"newPassword\": \"short\"").body())
        .contains("\"field\":\"newPassword\"");
    assertThat(signIn("a guess", ", \"newPassword\": \"" + SECOND + "\"").statusCode())
        .isEqualTo(401);
    assertThat(signIn(reset.getPassword(), ", \"newPassword\": \"" + SECOND + "\"").statusCode())
        .isEqualTo(200);
    assertThat(signIn(reset.getPassword(), "").statusCode()).as("used").isEqualTo(401);
    assertThat(browser(SECOND).status()).isEqualTo(200);
    assertThat(audit("ResetPassword")).hasSize(1);
    assertThat(audit("session")).extracting(AuditRecord::getOutcome).contains("changed");
    assertThat(audit("ResetPassword").toString()).doesNotContain(reset.getPassword());
  }

  @Test
  void aResetPasswordEndsAfterADay() throws Exception {
    User user = user();
    String path = "/v1/tenants/acme/users/" + user.getUserId() + ":resetPassword";
    ResetPasswordResponse reset =
        GuardedServer.read(
            server.send("POST", path, server.operatorKey, "{}"),
            ResetPasswordResponse.getDefaultInstance());
    assertThat(reset.getExpiresMs())
        .isBetween(
            System.currentTimeMillis() + 23 * 3_600_000L,
            System.currentTimeMillis() + 25 * 3_600_000L);
    try (Handle superuser = server.superuser()) {
      superuser.execute(
          "UPDATE users SET password_until = now() - interval '1 second' WHERE user_id = ?::uuid",
          user.getUserId());
    }
    assertThat(signIn(reset.getPassword(), ", \"newPassword\": \"" + SECOND + "\"").statusCode())
        .isEqualTo(401);
  }

  @Test
  void whatHasNoPasswordHasNoneToChange() throws Exception {
    HttpResponse<String> answer =
        server.send(
            "POST",
            "/v1/whoami:password",
            server.operatorKey,
            "{\"oldPassword\": \"x\", \"newPassword\": \"" + SECOND + "\"}");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("NO_PASSWORD");
  }
}
