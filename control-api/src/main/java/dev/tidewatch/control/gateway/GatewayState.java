package dev.tidewatch.control.gateway;

import com.google.protobuf.ByteString;
import dev.tidewatch.control.gateway.admin.GatewayAdministration;
import dev.tidewatch.control.gateway.agent.AgentReports;
import dev.tidewatch.control.gateway.agent.AgentStreams;
import dev.tidewatch.control.gateway.agent.Configurations;
import dev.tidewatch.control.gateway.command.CommandLedger;
import dev.tidewatch.control.gateway.command.CommandSigner;
import dev.tidewatch.control.gateway.command.Commands;
import dev.tidewatch.control.gateway.enrollment.CertificateAuthority;
import dev.tidewatch.control.gateway.enrollment.EnrollmentStore;
import dev.tidewatch.control.gateway.enrollment.FileEnrollmentStore;
import dev.tidewatch.control.gateway.enrollment.Journal;
import dev.tidewatch.control.gateway.enrollment.Secrets;
import dev.tidewatch.control.gateway.ingest.Quota;
import dev.tidewatch.control.gateway.ingest.UsageTotals;
import dev.tidewatch.control.gateway.registry.ControlRegistry;
import dev.tidewatch.ingest.v1.CommandKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a gateway works with: in its directory, when it runs alone, or of the control database. The
 * authority is in the directory either way.
 *
 * @param keys whose events an API key may send; may block
 * @param administration with its key; only of a gateway that runs alone
 */
record GatewayState(
    CertificateAuthority authority,
    EnrollmentStore enrollment,
    CommandLedger commands,
    Supplier<List<CommandKey>> commandKeys,
    Function<String, Optional<String>> keys,
    Function<String, Quota> quotas,
    Configurations configurations,
    AgentReports reports,
    Optional<Administration> administration,
    AutoCloseable registry)
    implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayState.class);
  private static final String ENROLLMENT = "enrollment.ndjson";

  /**
   * @param key made anew at every start, in {@code admin.key}
   */
  record Administration(GatewayAdministration administration, String key) {}

  static GatewayState open(GatewayOptions options, AgentStreams streams, UsageTotals totals)
      throws IOException {
    Files.createDirectories(options.directory());
    return options.database().isPresent()
        ? registered(options, streams, totals)
        : alone(options, streams);
  }

  private static GatewayState alone(GatewayOptions options, AgentStreams streams)
      throws IOException {
    Path directory = options.directory();
    Clock clock = options.clock();
    CommandSigner signer = CommandSigner.open(directory);
    CertificateAuthority authority = CertificateAuthority.open(directory, clock);
    FileEnrollmentStore store =
        FileEnrollmentStore.open(directory.resolve(ENROLLMENT), clock.instant());
    Commands commands =
        Commands.open(signer, new Journal(directory.resolve("commands.ndjson")), clock);
    String adminKey = Secrets.random();
    Secrets.write(directory.resolve("admin.key"), adminKey.getBytes(StandardCharsets.US_ASCII));
    CommandKey key =
        CommandKey.newBuilder()
            .setKeyId(signer.keyId())
            .setPublicKey(ByteString.copyFrom(signer.publicKey().getEncoded()))
            .build();
    return new GatewayState(
        authority,
        store,
        commands,
        () -> List.of(key),
        shown -> store.tenantOfApiKey(Secrets.hash(shown)),
        options.quotas(),
        Configurations.NONE,
        AgentReports.NONE,
        Optional.of(
            new Administration(
                new GatewayAdministration(store, authority, commands, streams, clock), adminKey)),
        () -> {});
  }

  private static GatewayState registered(
      GatewayOptions options, AgentStreams streams, UsageTotals totals) throws IOException {
    Path directory = options.directory();
    CertificateAuthority authority = CertificateAuthority.open(directory, options.clock());
    String name = authority.pin().substring(0, 8) + "/" + Secrets.random().substring(0, 8);
    ControlRegistry registry =
        ControlRegistry.open(
            options.database().orElseThrow(),
            options.controlInterval(),
            new ControlRegistry.Here(name, streams, totals, options.clock()));
    try {
      adopt(directory, registry, options.clock());
      registry.publishAuthority(authority.root().getEncoded());
      Files.deleteIfExists(directory.resolve("admin.key"));
    } catch (CertificateEncodingException | IOException | RuntimeException e) {
      registry.close();
      throw new IOException("the control database: " + e.getMessage(), e);
    }
    return new GatewayState(
        authority,
        registry.agents(),
        registry.commands(),
        registry.commandKeys(),
        registry.keys(),
        registry.quotas(),
        registry.configurations(),
        registry.reports(),
        Optional.empty(),
        registry);
  }

  /** Agents that enrolled with this gateway while it ran alone go on. */
  private static void adopt(Path directory, ControlRegistry registry, Clock clock)
      throws IOException {
    Path file = directory.resolve(ENROLLMENT);
    if (!Files.exists(file)) {
      return;
    }
    try (FileEnrollmentStore store = FileEnrollmentStore.open(file, clock.instant())) {
      LOG.info("agents taken over into the control database: {}", registry.adopt(store.agents()));
    }
    Files.move(
        file,
        directory.resolve(ENROLLMENT + ".adopted"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() throws Exception {
    commands.close();
    enrollment.close();
    registry.close();
  }
}
