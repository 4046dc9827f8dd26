package dev.tidewatch.control.access;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.Optional;

/**
 * {@code /v1/session/ways}: how one may sign in, for the page on which one does: {@code
 * {"local":true,"oidc":{"name":"…"}}}, without {@code oidc} where there is no issuer.
 */
public final class SignInWays implements HttpService {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String ways;

  public SignInWays(Optional<OidcEndpoint> oidc) {
    ObjectNode told = JSON.createObjectNode().put("local", true);
    oidc.ifPresent(issuer -> told.putObject("oidc").put("name", issuer.name()));
    this.ways = told.toString();
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    ResponseHeaders headers =
        ResponseHeaders.builder(HttpStatus.OK)
            .contentType(MediaType.JSON_UTF_8)
            .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
            .build();
    return HttpResponse.of(headers, HttpData.ofUtf8(ways));
  }
}
