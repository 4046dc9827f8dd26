package dev.tidewatch.control.gateway.http;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import dev.tidewatch.control.gateway.ingest.Decompression;
import java.io.IOException;
import java.util.Locale;

/** A request's body without its content encoding. */
public final class Bodies {
  private final Decompression decompression;

  public Bodies(Decompression decompression) {
    this.decompression = decompression;
  }

  /** The answer to a body that cannot be read. */
  public static final class UnreadableBodyException extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient HttpStatus status;

    UnreadableBodyException(HttpStatus status, String message) {
      super(message);
      this.status = status;
    }

    public HttpStatus status() {
      return status;
    }

    public HttpResponse answer() {
      return Answers.error(status, String.valueOf(getMessage()));
    }
  }

  /**
   * @throws UnreadableBodyException 415 for an unknown encoding, 413 beyond the limits, 400 for
   *     what is not so encoded
   */
  public byte[] read(AggregatedHttpRequest request) throws UnreadableBodyException {
    byte[] body = request.content().array();
    String encoding =
        request
            .headers()
            .get(HttpHeaderNames.CONTENT_ENCODING, "identity")
            .toLowerCase(Locale.ROOT);
    try {
      return switch (encoding) {
        case "identity" -> body;
        case "gzip" -> decompression.all(Decompression.Codec.GZIP, body);
        case "zstd" -> decompression.all(Decompression.Codec.ZSTD, body);
        default ->
            throw new UnreadableBodyException(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE, "content-encoding: must be gzip, zstd or none");
      };
    } catch (Decompression.TooLargeException e) {
      throw new UnreadableBodyException(
          HttpStatus.REQUEST_ENTITY_TOO_LARGE, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new UnreadableBodyException(
          HttpStatus.BAD_REQUEST, "the body is not " + encoding + ": " + e.getMessage());
    }
  }
}
