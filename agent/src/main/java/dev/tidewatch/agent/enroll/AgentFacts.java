package dev.tidewatch.agent.enroll;

import com.google.protobuf.ByteString;

/**
 * What the agent says about itself and its machine.
 *
 * @param version of the agent
 * @param host name of the machine
 * @param platform e.g. {@code Linux 6.1.0 x86_64}
 * @param fingerprint of the hardware, 32 bytes
 */
public record AgentFacts(String version, String host, String platform, ByteString fingerprint) {
  /** Of this machine and this build. */
  public static AgentFacts here() {
    String version = AgentFacts.class.getPackage().getImplementationVersion();
    String platform =
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch");
    return new AgentFacts(
        version == null ? "development" : version,
        hostName(),
        platform,
        HardwareFingerprint.of(java.nio.file.Path.of("/")));
  }

  private static String hostName() {
    try {
      String kernel =
          java.nio.file.Files.readString(java.nio.file.Path.of("/proc/sys/kernel/hostname"));
      return kernel.strip();
    } catch (java.io.IOException e) {
      String windows = System.getenv("COMPUTERNAME");
      return windows == null ? "localhost" : windows;
    }
  }
}
