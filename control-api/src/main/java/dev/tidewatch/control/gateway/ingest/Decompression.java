package dev.tidewatch.control.gateway.ingest;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/**
 * Decompresses without trusting what was sent: output is bounded before and while it is made, by an
 * absolute size and by a ratio to the compressed size, and the zstd window by the same size. A bomb
 * costs at most {@code maxBytes} of memory.
 */
public final class Decompression {
  /** Tiny inputs may well compress better than the ratio; below this it does not matter. */
  private static final int FREE_BYTES = 64 << 10;

  private static final int LARGEST_WINDOW_LOG = 23;

  private final int maxBytes;
  private final int maxRatio;

  /** How something is compressed. */
  public enum Codec {
    ZSTD,
    GZIP
  }

  public Decompression(GatewayLimits limits) {
    this.maxBytes = limits.maxBlockBytes();
    this.maxRatio = limits.maxCompressionRatio();
  }

  /** It would become larger than allowed. */
  public static final class TooLargeException extends Exception {
    private static final long serialVersionUID = 1L;

    TooLargeException(String message) {
      super(message);
    }
  }

  /**
   * @throws TooLargeException beyond the size or the ratio
   * @throws IOException when it is not what it says
   */
  public byte[] all(Codec codec, byte[] data) throws TooLargeException, IOException {
    int most = most(data.length);
    try (InputStream in = open(codec, data)) {
      byte[] result = in.readNBytes(most);
      if (result.length == most && in.read() >= 0) {
        throw new TooLargeException(
            "more than "
                + most
                + " bytes when decompressed; the limits are "
                + maxBytes
                + " bytes and a ratio of "
                + maxRatio);
      }
      return result;
    } catch (ZstdException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /**
   * Decompresses what announces its size.
   *
   * @throws TooLargeException when the announced size or its ratio is beyond the limits
   * @throws IOException when it is not what it says or has another size
   */
  public byte[] exactly(int announced, Codec codec, byte[] data)
      throws TooLargeException, IOException {
    if (announced < 0 || announced > most(data.length)) {
      throw new TooLargeException(
          "%d bytes announce %s when decompressed; the limits are %d bytes and a ratio of %d"
              .formatted(data.length, Integer.toUnsignedString(announced), maxBytes, maxRatio));
    }
    byte[] result = new byte[announced];
    boolean exact = codec == Codec.ZSTD ? fillFromZstd(result, data) : fillFromGzip(result, data);
    if (!exact) {
      throw new IOException("decompresses to another size than the announced " + announced);
    }
    return result;
  }

  /** In one go into the array: no window, no stream's buffers. */
  private static boolean fillFromZstd(byte[] target, byte[] data) throws IOException {
    try {
      return Zstd.decompressByteArray(target, 0, target.length, data, 0, data.length)
          == target.length;
    } catch (ZstdException e) {
      throw new IOException("zstd: " + e.getMessage(), e);
    }
  }

  private static boolean fillFromGzip(byte[] target, byte[] data) throws IOException {
    try (InputStream in = open(Codec.GZIP, data)) {
      return in.readNBytes(target, 0, target.length) == target.length && in.read() < 0;
    }
  }

  private int most(int compressed) {
    return (int) Math.min(maxBytes, Math.max(FREE_BYTES, (long) compressed * maxRatio));
  }

  private static InputStream open(Codec codec, byte[] data) throws IOException {
    ByteArrayInputStream bytes = new ByteArrayInputStream(data);
    return switch (codec) {
      case GZIP -> new GZIPInputStream(bytes, 8 << 10);
      case ZSTD -> new ZstdInputStreamNoFinalizer(bytes).setLongMax(LARGEST_WINDOW_LOG);
    };
  }
}
