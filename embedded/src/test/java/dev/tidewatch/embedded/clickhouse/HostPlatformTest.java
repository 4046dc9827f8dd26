package dev.tidewatch.embedded.clickhouse;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewatch.embedded.EmbeddedServerException;
import org.junit.jupiter.api.Test;

class HostPlatformTest {
  private static final String CPU = "processor : 0\nflags : fpu sse4_2 avx avx2 bmi2\n";
  private static final String GLIBC = "7f0-7f1 r-xp /usr/lib/x86_64-linux-gnu/libc.so.6\n";

  @Test
  void takesAnOrdinaryLinuxMachine() {
    assertThatCode(() -> new HostPlatform("Linux", "amd64", CPU, GLIBC).requireSupported())
        .doesNotThrowAnyException();
    assertThatCode(() -> new HostPlatform("Linux", "x86_64", "", "").requireSupported())
        .doesNotThrowAnyException();
  }

  @Test
  void namesWhatDoesNotFitInOneLine() {
    refuses(new HostPlatform("Mac OS X", "aarch64", "", ""), "Linux, and this is Mac OS X");
    refuses(new HostPlatform("Linux", "aarch64", "", GLIBC), "x86-64");
    refuses(new HostPlatform("Linux", "amd64", CPU.replace("avx2", "avx"), GLIBC), "AVX2");
    refuses(
        new HostPlatform("Linux", "amd64", CPU, "7f0-7f1 r-xp /lib/ld-musl-x86_64.so.1\n"), "musl");
  }

  private static void refuses(HostPlatform platform, String reason) {
    assertThatThrownBy(platform::requireSupported)
        .isInstanceOf(EmbeddedServerException.class)
        .hasMessageContaining(reason)
        .hasMessageNotContaining("\n");
  }
}
