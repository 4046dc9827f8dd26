package dev.tidewatch.agent.collect.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConnectorMessageTest {
  private static byte[] message(int what, int... data) {
    int length = 16 + 20 + 16 + data.length * 4;
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
    buffer.putInt(length).putShort((short) 3).putShort((short) 0).putInt(0).putInt(0);
    buffer.putInt(1).putInt(1).putInt(0).putInt(0);
    buffer.putShort((short) (length - 36)).putShort((short) 0);
    buffer.putInt(what).putInt(0).putLong(0);
    for (int value : data) {
      buffer.putInt(value);
    }
    return buffer.array();
  }

  private static List<ProcessSignal> parse(byte[] bytes) {
    return parse(bytes, bytes.length);
  }

  private static List<ProcessSignal> parse(byte[] bytes, int length) {
    return ConnectorMessage.parse(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()), length);
  }

  @Test
  void readsForkExecAndExitOfProcessesNotOfThreads() {
    assertThat(parse(message(1, 10, 10, 11, 11))).containsExactly(new ProcessSignal.Forked(10, 11));
    assertThat(parse(message(1, 10, 10, 12, 10))).isEmpty();
    assertThat(parse(message(2, 11, 11))).containsExactly(new ProcessSignal.Executed(11));
    assertThat(parse(message(0x80000000, 11, 11, 256, 17)))
        .containsExactly(new ProcessSignal.Exited(11, 256));
    assertThat(parse(message(0x80000000, 12, 10, 0, 17))).isEmpty();
    assertThat(parse(message(4, 1, 2, 3, 4))).isEmpty();
  }

  @Test
  void survivesAnyBytes() {
    Random random = new Random(5);
    byte[] whole = message(1, 10, 10, 11, 11);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = whole.clone();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      assertThat(parse(bytes, random.nextInt(bytes.length + 1))).isNotNull();
    }
  }
}
