package dev.tidewatch.embedded.clickhouse;

import com.github.luben.zstd.ZstdOutputStream;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a query. Holds the first bytes back, so that an early error can still become a
 * status code; sends the rest as it comes, compressed as the client asked.
 */
final class ResponseBody extends OutputStream {
  private final HttpExchange exchange;
  private final boolean nativeBlocks;
  private final @Nullable String encoding;
  private final int heldBytes;
  private final Runnable beforeHeaders;
  private @Nullable ByteArrayOutputStream held = new ByteArrayOutputStream();
  private @Nullable OutputStream out;

  /**
   * @param heldBytes answers up to this size are sent only when complete
   * @param beforeHeaders called once, just before the status line goes out
   */
  ResponseBody(
      HttpExchange exchange, RequestParameters parameters, int heldBytes, Runnable beforeHeaders) {
    this.exchange = exchange;
    this.heldBytes = heldBytes;
    this.beforeHeaders = beforeHeaders;
    nativeBlocks = parameters.isSet("compress");
    encoding =
        parameters.isSet("enable_http_compression")
            ? choose(exchange.getRequestHeaders().getFirst("Accept-Encoding"))
            : null;
  }

  private static @Nullable String choose(@Nullable String accepted) {
    if (accepted == null) {
      return null;
    }
    String lower = accepted.toLowerCase(Locale.ROOT);
    for (String known : new String[] {"lz4", "zstd", "gzip", "deflate"}) {
      if (lower.contains(known)) {
        return known;
      }
    }
    return null;
  }

  /** True once the status line is out: an error can then only break the connection. */
  boolean begun() {
    return out != null;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (out == null && held != null && held.size() + length > heldBytes) {
      begin(false);
    }
    if (out != null) {
      out.write(bytes, offset, length);
    } else if (held != null) {
      held.write(bytes, offset, length);
    }
  }

  private void begin(boolean complete) throws IOException {
    ByteArrayOutputStream first = held == null ? new ByteArrayOutputStream() : held;
    held = null;
    beforeHeaders.run();
    if (encoding != null) {
      exchange.getResponseHeaders().set("Content-Encoding", encoding);
    }
    boolean plain = complete && encoding == null && !nativeBlocks;
    exchange.sendResponseHeaders(200, plain ? (first.size() == 0 ? -1 : first.size()) : 0);
    out = compressing(exchange.getResponseBody());
    first.writeTo(out);
  }

  private OutputStream compressing(OutputStream raw) throws IOException {
    OutputStream encoded =
        switch (encoding == null ? "" : encoding) {
          case "lz4" -> new LZ4FrameOutputStream(raw);
          case "zstd" -> new ZstdOutputStream(raw);
          case "gzip" -> new GZIPOutputStream(raw, 64 << 10);
          case "deflate" -> new DeflaterOutputStream(raw);
          default -> raw;
        };
    return nativeBlocks ? new NativeBlockOutputStream(encoded) : encoded;
  }

  /** Ends the answer well. Not called after an error. */
  @Override
  public void close() throws IOException {
    if (out == null) {
      begin(true);
    }
    if (out != null) {
      out.close();
    }
  }
}
