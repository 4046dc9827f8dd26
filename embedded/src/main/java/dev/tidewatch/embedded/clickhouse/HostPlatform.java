package dev.tidewatch.embedded.clickhouse;

import dev.tidewatch.embedded.EmbeddedServerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The machine, as far as libchdb cares: it is built for Linux on x86-64 with AVX2 and glibc.
 *
 * @param cpuInfo {@code /proc/cpuinfo}
 * @param memoryMaps {@code /proc/self/maps}, which names the C library this JVM runs on
 */
record HostPlatform(String osName, String architecture, String cpuInfo, String memoryMaps) {
  private static final String INSTEAD =
      "; use a ClickHouse server elsewhere by its URL on this machine";

  static HostPlatform current() {
    return new HostPlatform(
        System.getProperty("os.name", "unknown"),
        System.getProperty("os.arch", "unknown"),
        read(Path.of("/proc/cpuinfo")),
        read(Path.of("/proc/self/maps")));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * @throws EmbeddedServerException naming what does not fit
   */
  void requireSupported() {
    if (!osName.equals("Linux")) {
      throw unfit("Linux, and this is " + osName);
    }
    if (!architecture.equals("amd64") && !architecture.equals("x86_64")) {
      throw unfit("an x86-64 processor, and this is " + architecture);
    }
    if (!cpuInfo.isEmpty() && !cpuInfo.matches("(?s).*\\bavx2\\b.*")) {
      throw unfit("a processor with AVX2, which /proc/cpuinfo does not list");
    }
    if (memoryMaps.contains("ld-musl")) {
      throw unfit("glibc, and this system runs on musl");
    }
  }

  private static EmbeddedServerException unfit(String need) {
    return new EmbeddedServerException("The embedded ClickHouse needs " + need + INSTEAD);
  }
}
