package dev.tidewatch.control.agent;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.file.HttpFile;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.request.HttpFailures;
import dev.tidewatch.control.v1.ReadEvidenceRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * {@code ReadEvidence} for browsers. What an attacker left on an endpoint is never shown or run: it
 * is an attachment of no type, and its name ends so that no double click opens it.
 */
public final class EvidenceDownload implements HttpService {
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final int LONGEST_NAME = 80;

  private final CollectedEvidence evidence;

  public EvidenceDownload(CollectedEvidence evidence) {
    this.evidence = evidence;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    if (request.method() != HttpMethod.GET) {
      return HttpResponse.of(HttpStatus.METHOD_NOT_ALLOWED);
    }
    ctx.setRequestTimeout(TimeoutMode.SET_FROM_NOW, LONGEST);
    return HttpResponse.of(
        CompletableFuture.supplyAsync(() -> read(ctx), ctx.blockingTaskExecutor())
            .thenCompose(answer -> answer));
  }

  private CompletionStage<HttpResponse> read(ServiceRequestContext ctx) {
    try {
      CollectedEvidence.Opened file =
          evidence.open(
              ReadEvidenceRequest.newBuilder()
                  .setTenantId(parameter(ctx, "tenant"))
                  .setCommandId(parameter(ctx, "command"))
                  .setUploadId(parameter(ctx, "upload"))
                  .build());
      return HttpFile.builder(file.path())
          .contentType(MediaType.OCTET_STREAM)
          .lastModified(false)
          .setHeader(HttpHeaderNames.CACHE_CONTROL, "no-store")
          .setHeader(
              HttpHeaderNames.CONTENT_DISPOSITION,
              "attachment; filename=\"" + name(file.told().getPath()) + "\"")
          .build()
          .read(ctx.blockingTaskExecutor(), ctx.alloc());
    } catch (RuntimeException failure) {
      return CompletableFuture.completedFuture(
          HttpFailures.response(Failures.statusOf(failure), ctx.id().shortText()).toHttpResponse());
    }
  }

  private static String parameter(ServiceRequestContext ctx, String name) {
    String value = ctx.pathParam(name);
    return value == null ? "" : value;
  }

  /** The end of its path there, of plain letters: {@code hosts.evidence}. */
  static String name(String path) {
    String last = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    String plain = last.replaceAll("[^A-Za-z0-9._-]", "_").replaceAll("^\\.+", "_");
    return plain.substring(0, Math.min(plain.length(), LONGEST_NAME)) + ".evidence";
  }
}
