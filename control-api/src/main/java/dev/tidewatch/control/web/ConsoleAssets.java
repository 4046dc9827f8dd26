package dev.tidewatch.control.web;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ServerCacheControl;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.file.FileService;
import com.linecorp.armeria.server.file.FileServiceBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The console's files: {@code index.html} at {@code /} and for every page under {@code /t/}, with a
 * fresh nonce each time; all else as it lies there. Files under {@code /assets/} carry a hash in
 * their name and never change.
 */
public final class ConsoleAssets {
  private static final String CLASSPATH = "/console/";
  private static final String NONCE = "__CSP_NONCE__";
  private static final String NONCE_TAG = "<meta name=\"csp-nonce\" content=\"" + NONCE + "\">";

  private static final String ABSENT =
      """
      <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Tidewatch</title></head>
      <body><h1>The console is not in this build</h1>
      <p>The API is here: <code>/v1/tenants/default/alerts</code>, <code>/v1/pipeline/health</code>,
      <code>/metrics</code>. To get the console, build the module <code>console</code>
      and start again, or name its <code>dist</code> directory in
      <code>control.console-assets</code>.</p></body></html>
      """;

  private final @Nullable Path directory;
  private final Optional<String> packaged;

  /**
   * @param directory the console's built files, read anew each time; null takes them from the
   *     classpath
   */
  public ConsoleAssets(@Nullable Path directory) {
    this.directory = directory;
    this.packaged = directory == null ? packagedIndex() : Optional.empty();
  }

  /** Binds the console's paths. */
  public void bind(ServerBuilder server) {
    HttpService index =
        (ctx, request) ->
            HttpResponse.of(
                CompletableFuture.supplyAsync(() -> page(ctx), ctx.blockingTaskExecutor()));
    server
        .route()
        .path("exact:/")
        .path("exact:/index.html")
        .pathPrefix("/t/")
        .defaultServiceName("console")
        .build(index);
    if (directory == null || Files.isDirectory(directory.resolve("assets"))) {
      server.serviceUnder("/assets/", files("assets/", ServerCacheControl.IMMUTABLE));
    }
    server.serviceUnder("/", files("", ServerCacheControl.REVALIDATED));
  }

  private FileService files(String under, ServerCacheControl cache) {
    FileServiceBuilder files =
        directory == null
            ? FileService.builder(ConsoleAssets.class.getClassLoader(), CLASSPATH + under)
            : FileService.builder(directory.resolve(under));
    return files.cacheControl(cache).serveCompressedFiles(true).build();
  }

  private HttpResponse page(ServiceRequestContext ctx) {
    Optional<String> index = directory == null ? packaged : fileIndex(directory);
    String nonce = ContentPolicy.nonce();
    ctx.setAdditionalResponseHeader(
        HttpHeaderNames.CONTENT_SECURITY_POLICY, ContentPolicy.console(nonce));
    ResponseHeaders headers =
        ResponseHeaders.builder(index.isPresent() ? HttpStatus.OK : HttpStatus.NOT_FOUND)
            .contentType(MediaType.HTML_UTF_8)
            .set(HttpHeaderNames.CACHE_CONTROL, "no-cache")
            .build();
    String body = index.map(html -> withNonce(html, nonce)).orElse(ABSENT);
    return HttpResponse.of(headers, HttpData.ofUtf8(body));
  }

  private static String withNonce(String html, String nonce) {
    String tagged = html.contains(NONCE) ? html : html.replaceFirst("<head>", "<head>" + NONCE_TAG);
    return tagged.replace(NONCE, nonce);
  }

  private static Optional<String> packagedIndex() {
    try (InputStream index = ConsoleAssets.class.getResourceAsStream(CLASSPATH + "index.html")) {
      return index == null
          ? Optional.empty()
          : Optional.of(new String(index.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> fileIndex(Path directory) {
    try {
      return Optional.of(Files.readString(directory.resolve("index.html")));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
