package dev.tidewatch.embedded.clickhouse;

import com.github.luben.zstd.ZstdInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import net.jpountz.lz4.LZ4FrameInputStream;
import org.jspecify.annotations.Nullable;

/** Request bodies as the sender meant them: decompressed, whole, and not larger than allowed. */
final class RequestBody {
  private static final int MAX_BLOCK_BYTES = 64 << 20;

  /**
   * @param contentEncoding the header, or null
   * @param nativeBlocks the URL says {@code decompress=1}
   * @param maxBytes after decompression
   */
  static InputStream decode(
      InputStream raw, @Nullable String contentEncoding, boolean nativeBlocks, long maxBytes)
      throws IOException {
    InputStream decoded = contentEncoding == null ? raw : decompress(raw, contentEncoding);
    if (nativeBlocks) {
      decoded = new NativeBlockInputStream(decoded, MAX_BLOCK_BYTES);
    }
    return new Limited(decoded, maxBytes);
  }

  private static InputStream decompress(InputStream raw, String encoding) throws IOException {
    return switch (encoding.toLowerCase(Locale.ROOT).strip()) {
      case "identity", "" -> raw;
      case "gzip", "x-gzip" -> new GZIPInputStream(raw, 64 << 10);
      case "deflate" -> new InflaterInputStream(raw);
      case "lz4" -> new LZ4FrameInputStream(raw);
      case "zstd" -> new ZstdInputStream(raw);
      default ->
          throw ClickHouseException.of(
              ClickHouseException.UNKNOWN_COMPRESSION_METHOD,
              "UNKNOWN_COMPRESSION_METHOD",
              "Unknown compression method " + encoding);
    };
  }

  /** Fails where a small request would unpack into more than the process can bear. */
  private static final class Limited extends FilterInputStream {
    private final long maxBytes;
    private long left;

    Limited(InputStream in, long maxBytes) {
      super(in);
      this.maxBytes = maxBytes;
      this.left = maxBytes;
    }

    @Override
    public int read() throws IOException {
      int value = in.read();
      return count(value < 0 ? -1 : 1) < 0 ? -1 : value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return count(in.read(bytes, offset, length));
    }

    private int count(int read) {
      left -= Math.max(0, read);
      if (left < 0) {
        throw ClickHouseException.of(
            ClickHouseException.QUERY_IS_TOO_LARGE,
            "QUERY_IS_TOO_LARGE",
            "Request body is larger than " + maxBytes + " bytes");
      }
      return read;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }

  private RequestBody() {}
}
