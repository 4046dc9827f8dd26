package dev.tidewatch.embedded.clickhouse;

import com.clickhouse.data.ClickHouseCityHash;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;

/** Writes ClickHouse's LZ4 blocks ({@code compress=1}), as {@link NativeBlockInputStream} reads. */
final class NativeBlockOutputStream extends FilterOutputStream {
  private static final int BLOCK_BYTES = 256 << 10;
  private static final int DATA =
      NativeBlockInputStream.CHECKSUM_BYTES + NativeBlockInputStream.HEADER_BYTES;

  private final LZ4Compressor compressor = LZ4Factory.fastestInstance().fastCompressor();
  private final byte[] raw = new byte[BLOCK_BYTES];
  private final byte[] block = new byte[DATA + compressor.maxCompressedLength(BLOCK_BYTES)];
  private int filled;

  NativeBlockOutputStream(OutputStream out) {
    super(out);
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    for (int done = 0; done < length; ) {
      int part = Math.min(length - done, raw.length - filled);
      System.arraycopy(bytes, offset + done, raw, filled, part);
      filled += part;
      done += part;
      if (filled == raw.length) {
        writeBlock();
      }
    }
  }

  private void writeBlock() throws IOException {
    if (filled == 0) {
      return;
    }
    int length = compressor.compress(raw, 0, filled, block, DATA, block.length - DATA);
    int size = length + NativeBlockInputStream.HEADER_BYTES;
    ByteBuffer head = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
    head.put(NativeBlockInputStream.CHECKSUM_BYTES, NativeBlockInputStream.METHOD_LZ4);
    head.putInt(NativeBlockInputStream.CHECKSUM_BYTES + 1, size);
    head.putInt(NativeBlockInputStream.CHECKSUM_BYTES + 5, filled);
    long[] checksum =
        ClickHouseCityHash.cityHash128(block, NativeBlockInputStream.CHECKSUM_BYTES, size);
    head.putLong(0, checksum[0]);
    head.putLong(8, checksum[1]);
    out.write(block, 0, DATA + length);
    filled = 0;
  }

  @Override
  public void flush() throws IOException {
    writeBlock();
    out.flush();
  }

  @Override
  public void close() throws IOException {
    writeBlock();
    out.close();
  }
}
