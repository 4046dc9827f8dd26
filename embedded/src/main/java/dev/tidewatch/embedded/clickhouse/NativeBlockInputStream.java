package dev.tidewatch.embedded.clickhouse;

import com.clickhouse.data.ClickHouseCityHash;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;

/**
 * ClickHouse's compressed blocks ({@code decompress=1}): CityHash128 of the rest (16 bytes), method
 * (1), size with this header (4), raw size (4), data. All little-endian.
 */
final class NativeBlockInputStream extends InputStream {
  static final int CHECKSUM_BYTES = 16;
  static final int HEADER_BYTES = 9;
  static final byte METHOD_NONE = 0x02;
  static final byte METHOD_LZ4 = (byte) 0x82;
  static final byte METHOD_ZSTD = (byte) 0x90;

  private final InputStream in;
  private final int maxBlockBytes;
  private byte[] block = {};
  private int position;

  /**
   * @param maxBlockBytes a block that is larger, raw or compressed, is refused before it is held
   */
  NativeBlockInputStream(InputStream in, int maxBlockBytes) {
    this.in = in;
    this.maxBlockBytes = maxBlockBytes;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (position == block.length) {
      if (!nextBlock()) {
        return -1;
      }
    }
    int count = Math.min(length, block.length - position);
    System.arraycopy(block, position, bytes, offset, count);
    position += count;
    return count;
  }

  private boolean nextBlock() throws IOException {
    ByteBuffer head =
        ByteBuffer.allocate(CHECKSUM_BYTES + HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    int got = in.readNBytes(head.array(), 0, head.capacity());
    if (got == 0) {
      return false;
    }
    requireWhole(got, head.capacity());
    int size = requireSize(head.getInt(CHECKSUM_BYTES + 1), HEADER_BYTES);
    int rawSize = requireSize(head.getInt(CHECKSUM_BYTES + 5), 0);
    byte[] compressed = new byte[size];
    System.arraycopy(head.array(), CHECKSUM_BYTES, compressed, 0, HEADER_BYTES);
    int rest = in.readNBytes(compressed, HEADER_BYTES, size - HEADER_BYTES);
    requireWhole(rest, size - HEADER_BYTES);
    requireChecksum(compressed, head.getLong(0), head.getLong(8));
    block = decompress(compressed, rawSize);
    position = 0;
    return true;
  }

  private static void requireWhole(int got, int expected) {
    if (got < expected) {
      throw ClickHouseException.of(
          ClickHouseException.CANNOT_READ_ALL_DATA,
          "CANNOT_READ_ALL_DATA",
          "Compressed block is cut off: " + got + " of " + expected + " bytes");
    }
  }

  private int requireSize(int size, int least) {
    if (size < least || size > maxBlockBytes) {
      throw ClickHouseException.of(
          ClickHouseException.TOO_LARGE_SIZE_COMPRESSED,
          "TOO_LARGE_SIZE_COMPRESSED",
          "Compressed block of "
              + Integer.toUnsignedString(size)
              + " bytes; at most "
              + maxBlockBytes
              + " are taken. Most likely corrupted data");
    }
    return size;
  }

  private static void requireChecksum(byte[] compressed, long low, long high) {
    long[] actual = ClickHouseCityHash.cityHash128(compressed, 0, compressed.length);
    if (actual[0] != low || actual[1] != high) {
      throw ClickHouseException.of(
          ClickHouseException.CHECKSUM_DOESNT_MATCH,
          "CHECKSUM_DOESNT_MATCH",
          "Checksum doesn't match: corrupted data");
    }
  }

  private static byte[] decompress(byte[] compressed, int rawSize) {
    byte[] raw = new byte[rawSize];
    int length = compressed.length - HEADER_BYTES;
    try {
      int written =
          switch (compressed[0]) {
            case METHOD_LZ4 ->
                LZ4Factory.fastestInstance()
                    .safeDecompressor()
                    .decompress(compressed, HEADER_BYTES, length, raw, 0, rawSize);
            case METHOD_ZSTD -> zstd(compressed, length, raw);
            case METHOD_NONE -> copy(compressed, length, raw);
            default -> throw unknownMethod(compressed[0]);
          };
      requireWhole(written, rawSize);
      return raw;
    } catch (LZ4Exception | ZstdException e) {
      throw ClickHouseException.of(
          ClickHouseException.CANNOT_READ_ALL_DATA, "CANNOT_DECOMPRESS", "Cannot decompress: " + e);
    }
  }

  private static int zstd(byte[] compressed, int length, byte[] raw) {
    long written = Zstd.decompressByteArray(raw, 0, raw.length, compressed, HEADER_BYTES, length);
    return Zstd.isError(written) ? 0 : (int) written;
  }

  private static int copy(byte[] compressed, int length, byte[] raw) {
    int count = Math.min(length, raw.length);
    System.arraycopy(compressed, HEADER_BYTES, raw, 0, count);
    return count;
  }

  private static ClickHouseException unknownMethod(byte method) {
    return ClickHouseException.of(
        ClickHouseException.UNKNOWN_COMPRESSION_METHOD,
        "UNKNOWN_COMPRESSION_METHOD",
        "Unknown compression method in block: " + (method & 0xff));
  }
}
