package dev.tidewatch.cli;

import dev.tidewatch.control.AccessOptions;
import dev.tidewatch.control.access.OidcOptions;
import dev.tidewatch.control.access.TokenOptions;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** Who may call the control API besides those whom Tidewatch knows itself, and from which pages. */
final class CallerOptions {
  private static final String SECRET = "TIDEWATCH_OIDC_CLIENT_SECRET";

  @Option(
      names = "--oidc-issuer",
      defaultValue = "",
      paramLabel = "URL",
      description = {
        "OpenID Connect issuer where the console's users may sign in. A client secret is read from",
        "$$" + SECRET + "."
      })
  String issuer = "";

  @Option(
      names = "--oidc-client-id",
      defaultValue = "tidewatch",
      paramLabel = "ID",
      description = "Ours at that issuer. Default: ${DEFAULT-VALUE}.")
  String clientId = "tidewatch";

  @Option(
      names = "--oidc-name",
      defaultValue = "single sign-on",
      paramLabel = "NAME",
      description = "On the console's button. Default: ${DEFAULT-VALUE}.")
  String name = "single sign-on";

  @Option(
      names = "--oidc-redirect",
      defaultValue = "",
      paramLabel = "URL",
      description = {
        "This server's " + OidcOptions.CALLBACK + ", as browsers reach it and the issuer knows it.",
        "Default: on 127.0.0.1 and --port."
      })
  String redirect = "";

  @Option(
      names = "--jwt-issuer",
      defaultValue = "",
      paramLabel = "URL",
      description = "Issuer of JSON web tokens that callers of the API may bear.")
  String tokenIssuer = "";

  @Option(
      names = "--jwt-keys",
      defaultValue = "",
      paramLabel = "URL",
      description = "Key set (JWKS) of that issuer.")
  String tokenKeys = "";

  @Option(
      names = "--jwt-audience",
      defaultValue = "tidewatch",
      paramLabel = "NAME",
      description = "What their `aud` must hold. Default: ${DEFAULT-VALUE}.")
  String audience = "tidewatch";

  @Option(
      names = "--cors-origin",
      paramLabel = "ORIGIN",
      description =
          "Another origin whose pages may call the API from a browser, https://name:port; repeatable.")
  Set<String> origins = new LinkedHashSet<>();

  /**
   * {@code access} and what the options add to it.
   *
   * @param port of the console; 0 where it is not known yet
   * @throws CommandFailedException that names the option
   */
  AccessOptions.Required added(AccessOptions.Required access, int port) {
    AccessOptions.Required whole = access;
    try {
      if (!issuer.isEmpty()) {
        whole = whole.withSignIn(signIn(port));
      }
      if (tokenIssuer.isEmpty() != tokenKeys.isEmpty()) {
        throw new IllegalArgumentException("--jwt-issuer and --jwt-keys: give both or none");
      }
      if (!tokenIssuer.isEmpty()) {
        whole = whole.withTokens(TokenOptions.of(tokenIssuer, audience, URI.create(tokenKeys)));
      }
      return whole;
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(Tidewatch.USAGE, String.valueOf(e.getMessage()));
    }
  }

  private OidcOptions signIn(int port) {
    if (redirect.isEmpty() && port == 0) {
      throw new IllegalArgumentException(
          "--oidc-redirect: needed with --port 0, because the issuer must know it");
    }
    URI back =
        URI.create(
            redirect.isEmpty() ? "http://127.0.0.1:" + port + OidcOptions.CALLBACK : redirect);
    Optional<String> secret = Optional.ofNullable(System.getenv(SECRET)).filter(s -> !s.isEmpty());
    return OidcOptions.of(name, URI.create(issuer), clientId, secret, back);
  }
}
