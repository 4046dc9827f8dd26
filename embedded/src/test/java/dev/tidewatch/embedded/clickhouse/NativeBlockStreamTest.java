package dev.tidewatch.embedded.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.clickhouse.data.ClickHouseCityHash;
import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeBlockStreamTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1000, 262_143, 262_144, 262_145, 1_000_000})
  void readsWhatItWrote(int length) throws IOException {
    byte[] bytes = bytes(length);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (NativeBlockOutputStream out = new NativeBlockOutputStream(packed)) {
      out.write(bytes, 0, length / 2);
      for (int i = length / 2; i < length; i++) {
        out.write(bytes[i]);
      }
    }
    assertThat(read(packed.toByteArray())).isEqualTo(bytes);
  }

  @Test
  void readsAllMethods() throws IOException {
    byte[] raw = bytes(10_000);
    assertThat(read(block((byte) 0x02, raw, raw.length))).isEqualTo(raw);
    assertThat(read(block((byte) 0x90, Zstd.compress(raw), raw.length))).isEqualTo(raw);
  }

  @Test
  void refusesUnknownMethodsAndLies() {
    byte[] raw = bytes(100);
    assertCode(block((byte) 0x77, raw, raw.length), 89);
    assertCode(block((byte) 0x02, raw, raw.length + 1), 33);
    assertCode(block((byte) 0x82, raw, 50), 33);
    assertCode(block((byte) 0x90, raw, 50), 33);
    assertCode(block((byte) 0x02, raw, -1), 131);
    assertCode(block((byte) 0x02, raw, Integer.MAX_VALUE), 131);
  }

  @Test
  void everyFlippedBitAndEveryCutIsNoticed() throws IOException {
    byte[] packed = ClickHouseContract.blocks(bytes(300));
    for (int bit = 0; bit < packed.length * 8; bit++) {
      byte[] flipped = packed.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThatThrownBy(() -> read(flipped)).isInstanceOf(ClickHouseException.class);
    }
    for (int length = 1; length < packed.length; length++) {
      assertCode(java.util.Arrays.copyOf(packed, length), 33);
    }
  }

  private static void assertCode(byte[] packed, int code) {
    assertThatThrownBy(() -> read(packed))
        .isInstanceOfSatisfying(
            ClickHouseException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static byte[] read(byte[] packed) throws IOException {
    return new NativeBlockInputStream(new ByteArrayInputStream(packed), 1 << 20).readAllBytes();
  }

  /** A block with a right checksum, whatever it holds. */
  private static byte[] block(byte method, byte[] data, int rawSize) {
    ByteBuffer block = ByteBuffer.allocate(25 + data.length).order(ByteOrder.LITTLE_ENDIAN);
    block.put(16, method).putInt(17, data.length + 9).putInt(21, rawSize).put(25, data);
    long[] checksum = ClickHouseCityHash.cityHash128(block.array(), 16, data.length + 9);
    block.putLong(0, checksum[0]).putLong(8, checksum[1]);
    return block.array();
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    java.util.Arrays.fill(bytes, 0, length / 2, (byte) 7);
    return bytes;
  }
}
