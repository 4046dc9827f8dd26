package dev.tidewatch.cli;

import dev.tidewatch.agent.enroll.Identity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;

/**
 * The gateway of the {@code up} that runs on this machine. Who may read its data directory may
 * enrol: the operator's key lies there.
 *
 * @param endpoint host:port, TLS
 * @param directory the gateway's files
 * @param data of the {@code up}
 */
record LocalGateway(String endpoint, Path directory, Path data) {
  private static final String TENANT = "default";

  /**
   * @param data of the {@code up}
   * @throws CommandFailedException when none runs there
   */
  static LocalGateway find(Path data) throws IOException {
    RunningStack running =
        RunningStack.find(data)
            .orElseThrow(
                () ->
                    new CommandFailedException(
                        "no tidewatch up runs on "
                            + data
                            + ": start it, or name its directory with --data"));
    return new LocalGateway(running.gateway(), GatewayParts.directory(data), data);
  }

  /** Whether the identity is of this gateway's authority. */
  boolean issued(Identity identity) throws IOException {
    try (InputStream pem = Files.newInputStream(directory.resolve("ca.pem"))) {
      Certificate authority = CertificateFactory.getInstance("X.509").generateCertificate(pem);
      return identity.authorities().contains(authority);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** A new one-time token. */
  String mintToken() throws IOException, InterruptedException {
    return new AgentsClient(ControlClient.local(data, TENANT))
        .mintToken(1, "for tidewatch agent run --local");
  }
}
