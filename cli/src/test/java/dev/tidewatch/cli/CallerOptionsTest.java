package dev.tidewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidewatch.control.AccessOptions;
import dev.tidewatch.control.access.OidcOptions;
import dev.tidewatch.control.database.DatabaseEndpoint;
import dev.tidewatch.control.database.DatabaseOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CallerOptionsTest {
  private static final AccessOptions.Required LOCAL =
      AccessOptions.required(
          DatabaseOptions.of(database("tidewatch_app"), database("tidewatch_owner")),
          Path.of("audit.key"));

  private static DatabaseEndpoint database(String user) {
    return new DatabaseEndpoint("jdbc:postgresql://db.example/tidewatch", user, "");
  }

  private static CallerOptions parse(String... args) {
    return CommandLine.populateCommand(new CallerOptions(), args);
  }

  @Test
  void withoutOptionsOnlyTidewatchsOwnCallersAreLetIn() {
    assertThat(parse().added(LOCAL, 8080)).isEqualTo(LOCAL);
    assertThat(parse().origins).isEmpty();
  }

  @Test
  void anIssuerIsKnownByItsUrlAndSendsBackToTheConsole() {
    OidcOptions signIn =
        parse("--oidc-issuer", "https://id.example", "--oidc-name", "Acme")
            .added(LOCAL, 9000)
            .signIn()
            .orElseThrow();
    assertThat(signIn.name()).isEqualTo("Acme");
    assertThat(signIn.clientId()).isEqualTo("tidewatch");
    assertThat(signIn.redirect()).hasToString("http://127.0.0.1:9000" + OidcOptions.CALLBACK);
  }

  @Test
  void bearersOfAnIssuersTokensAreLetIn() {
    assertThat(
            parse("--jwt-issuer", "https://id.example", "--jwt-keys", "https://id.example/jwks")
                .added(LOCAL, 8080)
                .tokens())
        .hasValueSatisfying(tokens -> assertThat(tokens.audience()).isEqualTo("tidewatch"));
  }

  @Test
  void whatIsMissingOrUnsafeIsNamed() {
    refused("--oidc-redirect", 0, "--oidc-issuer", "https://id.example");
    refused("issuer: must be https://", 8080, "--oidc-issuer", "http://id.example");
    refused("--jwt-issuer and --jwt-keys", 8080, "--jwt-issuer", "https://id.example");
  }

  private static void refused(String named, int port, String... args) {
    assertThatExceptionOfType(CommandFailedException.class)
        .isThrownBy(() -> parse(args).added(LOCAL, port))
        .withMessageContaining(named);
  }
}
