package dev.tidewatch.control.gateway.syslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SyslogFramesTest {
  private final AtomicInteger tooLong = new AtomicInteger();
  private final EmbeddedChannel channel =
      new EmbeddedChannel(new SyslogFrames(100, tooLong::incrementAndGet));

  private void write(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
  }

  private List<String> read() {
    List<String> messages = new ArrayList<>();
    for (byte[] message; (message = channel.readInbound()) != null; ) {
      messages.add(new String(message, StandardCharsets.UTF_8));
    }
    return messages;
  }

  @Test
  void linesAndCountedFramesMayMix() {
    write("<1>a\n7 <2>b\nc\n<3>d\u00005 <4>ee<5>f\n");
    assertThat(read()).containsExactly("<1>a", "<2>b\nc\n", "<3>d", "<4>ee", "<5>f");
  }

  @Test
  void howTheStreamIsCutDoesNotMatter() {
    String stream = "<1>a\n7 <2>b\nc\n" + "<9>" + "y".repeat(200) + "\n<3>d\n5 <4>ee<5>f\n";
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      for (int from = 0; from < stream.length(); ) {
        int to = Math.min(stream.length(), from + 1 + random.nextInt(30));
        write(stream.substring(from, to));
        from = to;
      }
      assertThat(read()).containsExactly("<1>a", "<2>b\nc\n", "<3>d", "<4>ee", "<5>f");
    }
    assertThat(tooLong).hasValue(200);
  }

  @Test
  void aLineThatIsTooLongIsSkippedAndCountedOnce() {
    write("x".repeat(150));
    write("x".repeat(150));
    write("x\nnext\n");
    assertThat(read()).containsExactly("next");
    assertThat(tooLong).hasValue(1);
  }

  @Test
  void whereTheNextMessageBeginsMustBeKnown() {
    assertThatThrownBy(() -> write("101 x")).isInstanceOf(DecoderException.class);
    assertThatThrownBy(() -> write("12x34 y")).isInstanceOf(DecoderException.class);
    assertThatThrownBy(() -> write("99999999 y")).isInstanceOf(DecoderException.class);
  }

  @Test
  void theLastLineNeedsNoEnd() {
    write("<1>a\n<2>last");
    channel.finish();
    assertThat(read()).containsExactly("<1>a", "<2>last");
  }

  @Test
  void halfACountedMessageIsNone() {
    write("20 <1>half");
    channel.finish();
    assertThat(read()).isEmpty();
  }
}
