package dev.tidewatch.control.gateway;

import dev.tidewatch.control.gateway.command.CommandSigner;
import dev.tidewatch.control.gateway.command.Commands;
import dev.tidewatch.control.gateway.enrollment.CertificateAuthority;
import dev.tidewatch.control.gateway.enrollment.EnrollmentStore;
import dev.tidewatch.control.gateway.enrollment.FileEnrollmentStore;
import dev.tidewatch.control.gateway.enrollment.Journal;
import dev.tidewatch.control.gateway.enrollment.Secrets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/**
 * What a gateway keeps in its directory.
 *
 * @param adminKey for the administration port; made anew at every start, in {@code admin.key}
 */
record GatewayState(
    CertificateAuthority authority,
    CommandSigner signer,
    EnrollmentStore enrollment,
    Commands commands,
    String adminKey)
    implements AutoCloseable {

  static GatewayState open(Path directory, Clock clock) throws IOException {
    Files.createDirectories(directory);
    CommandSigner signer = CommandSigner.open(directory);
    String adminKey = Secrets.random();
    Secrets.write(directory.resolve("admin.key"), adminKey.getBytes(StandardCharsets.US_ASCII));
    return new GatewayState(
        CertificateAuthority.open(directory, clock),
        signer,
        FileEnrollmentStore.open(directory.resolve("enrollment.ndjson"), clock.instant()),
        new Commands(signer, new Journal(directory.resolve("commands.ndjson")), clock),
        adminKey);
  }

  @Override
  public void close() {
    commands.close();
    enrollment.close();
  }
}
