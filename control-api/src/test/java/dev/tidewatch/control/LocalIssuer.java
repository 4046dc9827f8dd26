package dev.tidewatch.control;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * An OpenID Connect issuer as small as it can be that still holds a client to the rules: codes are
 * good once and for who knows the PKCE verifier, the redirect address and the client's secret.
 */
final class LocalIssuer implements AutoCloseable {
  static final String CLIENT = "tidewatch-console";
  static final String SECRET = "between-us-two";

  private final HttpServer server;
  private final RSAKey key;
  private final Map<String, Asked> codes = new ConcurrentHashMap<>();
  volatile UnaryOperator<JWTClaimsSet.Builder> claims = same -> same;
  volatile Function<JWTClaimsSet, String> signer = this::signed;

  /** What a code was asked for with. */
  private record Asked(String challenge, String nonce, String redirect) {}

  LocalIssuer() throws IOException, JOSEException {
    key = new RSAKeyGenerator(2048).keyID("issuer-1").generate();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/.well-known/openid-configuration", exchange -> answer(exchange, 200, configuration()));
    server.createContext(
        "/jwks", exchange -> answer(exchange, 200, new JWKSet(key).toPublicJWKSet().toString()));
    server.createContext("/token", this::token);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private String configuration() {
    return """
        {"issuer": "%1$s", "authorization_endpoint": "%1$s/authorize", "token_endpoint": "%1$s/token",
         "jwks_uri": "%1$s/jwks", "response_types_supported": ["code"], "subject_types_supported": ["public"],
         "id_token_signing_alg_values_supported": ["RS256"]}"""
        .formatted(url());
  }

  /**
   * A user signs in here.
   *
   * @param asked where the client sent the browser
   * @return the query with which the browser goes back
   */
  String signIn(URI asked) {
    Map<String, String> query = form(asked.getRawQuery());
    if (!"S256".equals(query.get("code_challenge_method"))
        || !CLIENT.equals(query.get("client_id"))
        || !"code".equals(query.get("response_type"))) {
      throw new AssertionError("not a request for a code with PKCE: " + asked);
    }
    String code = UUID.randomUUID().toString();
    codes.put(
        code,
        new Asked(
            query.getOrDefault("code_challenge", ""),
            query.getOrDefault("nonce", ""),
            query.getOrDefault("redirect_uri", "")));
    return "code=" + code + "&state=" + query.get("state");
  }

  private void token(HttpExchange exchange) throws IOException {
    Map<String, String> form =
        form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    String basic =
        Base64.getEncoder()
            .encodeToString((CLIENT + ":" + SECRET).getBytes(StandardCharsets.UTF_8));
    if (!("Basic " + basic).equals(exchange.getRequestHeaders().getFirst("authorization"))) {
      answer(exchange, 401, "{\"error\": \"invalid_client\"}");
      return;
    }
    Asked asked = codes.remove(form.getOrDefault("code", ""));
    boolean holds =
        asked != null
            && asked.challenge().equals(challenge(form.getOrDefault("code_verifier", "")))
            && asked.redirect().equals(form.get("redirect_uri"));
    if (!holds || asked == null) {
      answer(exchange, 400, "{\"error\": \"invalid_grant\"}");
      return;
    }
    String idToken = signer.apply(claims.apply(claimsFor(asked)).build());
    answer(
        exchange,
        200,
        """
        {"access_token": "unused", "token_type": "Bearer", "expires_in": 60, "id_token": "%s"}"""
            .formatted(idToken));
  }

  private JWTClaimsSet.Builder claimsFor(Asked asked) {
    return new JWTClaimsSet.Builder()
        .issuer(url().toString())
        .audience(CLIENT)
        .subject("ada")
        .claim("name", "Ada <b>L.</b>")
        .claim("nonce", asked.nonce())
        .claim("tidewatch_tenant", "acme")
        .claim("tidewatch_roles", List.of("analyst", "unheard-of"))
        .issueTime(new Date())
        .expirationTime(Date.from(Instant.now().plusSeconds(300)));
  }

  String signed(JWTClaimsSet set) {
    return signed(set, key);
  }

  /** As someone would who does not have the issuer's key. */
  String forged(JWTClaimsSet set) {
    try {
      return signed(set, new RSAKeyGenerator(2048).keyID("issuer-1").generate());
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  String unsigned(JWTClaimsSet set) {
    return new PlainJWT(set).serialize();
  }

  private static String signed(JWTClaimsSet set, RSAKey with) {
    try {
      SignedJWT token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(with.getKeyID()).build(), set);
      token.sign(new RSASSASigner(with));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String challenge(String verifier) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, String> form(String encoded) {
    Map<String, String> form = new HashMap<>();
    for (String pair : encoded.split("&", -1)) {
      int is = pair.indexOf('=');
      form.put(
          URLDecoder.decode(pair.substring(0, is), StandardCharsets.UTF_8),
          URLDecoder.decode(pair.substring(is + 1), StandardCharsets.UTF_8));
    }
    return form;
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("content-type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
