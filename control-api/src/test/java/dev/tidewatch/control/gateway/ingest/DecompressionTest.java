package dev.tidewatch.control.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.tidewatch.control.gateway.ingest.Decompression.Codec;
import dev.tidewatch.control.gateway.ingest.Decompression.TooLargeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DecompressionTest {
  private final Decompression decompression = new Decompression(GatewayLimits.DEFAULT);

  private static byte[] compress(Codec codec, byte[] bytes) throws IOException {
    if (codec == Codec.ZSTD) {
      return Zstd.compress(bytes);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] text(int size) {
    byte[] bytes = new byte[size];
    Random random = new Random(size);
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) ('a' + random.nextInt(16));
    }
    return bytes;
  }

  @ParameterizedTest
  @EnumSource
  void givesBackWhatWasCompressed(Codec codec) throws Exception {
    for (int size : new int[] {0, 1, 1_000, 3 << 20}) {
      byte[] bytes = text(size);
      byte[] data = compress(codec, bytes);
      assertThat(decompression.exactly(size, codec, data)).isEqualTo(bytes);
      assertThat(decompression.all(codec, data)).isEqualTo(bytes);
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesWhatIsTooLarge(Codec codec) throws Exception {
    byte[] bomb = compress(codec, new byte[100 << 20]);
    assertThatThrownBy(() -> decompression.all(codec, bomb)).isInstanceOf(TooLargeException.class);
    assertThatThrownBy(() -> decompression.exactly(100 << 20, codec, bomb))
        .isInstanceOf(TooLargeException.class);
    assertThatThrownBy(() -> decompression.exactly(1_000, codec, bomb))
        .isInstanceOf(IOException.class);
    byte[] ratio = compress(codec, new byte[3 << 20]);
    if (ratio.length * 200L < 3 << 20) {
      assertThatThrownBy(() -> decompression.all(codec, ratio))
          .isInstanceOf(TooLargeException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void damageIsAnErrorOrTheRightSize(Codec codec) throws Exception {
    Random random = new Random(5);
    byte[] data = compress(codec, text(2_000));
    for (int i = 0; i < 2_000; i++) {
      byte[] damaged = data.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        assertThat(decompression.exactly(2_000, codec, damaged)).hasSize(2_000);
      } catch (IOException | TooLargeException e) {
        assertThat(e).hasMessageNotContaining("null");
      }
    }
  }
}
