package dev.tidewatch.match.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.match.Addresses;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressReaderTest {
  private final AddressReader reader = new AddressReader();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.2.3.4",
        "255.0.0.1",
        "01.2.3.4",
        "1.2.3",
        "",
        "x",
        "::1",
        "::",
        "1::",
        "fe80::1:2",
        "2001:db8::ff00:42:8329",
        "1:2:3:4:5:6:7:8",
        "::ffff:102:304",
        "::ffff:1.2.3.4",
        "fe80::1%eth0",
        "1::2::3",
        "12345::",
        ":1",
        "1:",
        "1:2:3:4:5:6:7::",
        "::2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7:8:9",
        "a:b",
        "C:\\x",
        "12:30:01",
        "0:0:0:0:0:ffff:a:b"
      })
  void readsWhatTheReferenceReads(String text) {
    check(text);
  }

  @Test
  void readsRandomTextAsTheReferenceDoes() {
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      int parts = 1 + random.nextInt(9);
      for (int part = 0; part < parts; part++) {
        text.append(random.nextInt(5) == 0 ? "" : Integer.toHexString(random.nextInt(70_000)));
        text.append(part + 1 < parts || random.nextInt(9) == 0 ? ":" : "");
      }
      check(text.toString());
    }
  }

  private void check(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int kind = reader.read(bytes, 0, bytes.length);
    byte[] expected = Addresses.parse(text);
    if (kind == AddressReader.UNSURE) {
      return;
    }
    byte[] read = null;
    if (kind == AddressReader.V4) {
      read = ByteBuffer.allocate(4).putInt((int) reader.low).array();
    } else if (kind == AddressReader.V6) {
      read = ByteBuffer.allocate(16).putLong(reader.high).putLong(reader.low).array();
    }
    assertThat(read).as(text).isEqualTo(expected);
  }
}
