package dev.tidewatch.control.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * A sign-in under way. The browser itself keeps it, in a cookie that no script and no other site
 * can read: who brings the issuer's answer must be who began.
 *
 * @param state comes back with the code
 * @param nonce comes back in the ID token
 * @param verifier proves to the issuer that the code was asked for by us (PKCE)
 */
record OidcAttempt(String state, String nonce, String verifier) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BYTES = 32;
  private static final int LONGEST = 1_000;

  static OidcAttempt begin() {
    return new OidcAttempt(Secrets.text(BYTES), Secrets.text(BYTES), Secrets.text(BYTES));
  }

  String cookie() {
    try {
      String json =
          JSON.writeValueAsString(
              JSON.createObjectNode().put("s", state).put("n", nonce).put("v", verifier));
      return Secrets.base64(json.getBytes(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("three strings are JSON", e);
    }
  }

  /** Reads {@link #cookie}; empty for anything else. */
  static Optional<OidcAttempt> read(String cookie) {
    if (cookie.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      JsonNode json = JSON.readTree(Base64.getUrlDecoder().decode(cookie));
      OidcAttempt attempt =
          new OidcAttempt(
              json.path("s").asText(), json.path("n").asText(), json.path("v").asText());
      boolean whole = attempt.state().length() >= BYTES && attempt.verifier().length() >= 43;
      return whole && attempt.nonce().length() >= BYTES ? Optional.of(attempt) : Optional.empty();
    } catch (IllegalArgumentException | IOException none) {
      return Optional.empty();
    }
  }
}
