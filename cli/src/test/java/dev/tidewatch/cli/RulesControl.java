package dev.tidewatch.cli;

import dev.tidewatch.control.AccessOptions;
import dev.tidewatch.control.ControlOptions;
import dev.tidewatch.control.ControlServer;
import dev.tidewatch.embedded.junit.KafkaExtension;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.store.ClickHouseEndpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A control API that keeps rules in a Kafka of its own, for a test class; no job runs. */
final class RulesControl implements BeforeAllCallback, AfterAllCallback {
  private final KafkaExtension kafka = new KafkaExtension();
  private @Nullable ControlServer server;

  @Override
  public void beforeAll(ExtensionContext context) {
    kafka.beforeAll(context);
    Compilation none = new SigmaCompiler().compile(List.of());
    server =
        ControlServer.start(
            ControlOptions.builder(
                    ClickHouseEndpoint.of("http://127.0.0.1:1"),
                    kafka.bootstrapServers(),
                    () -> none)
                .access(AccessOptions.open())
                .build());
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (server != null) {
      server.close();
    }
    kafka.afterAll(context);
  }

  /** Runs {@code tidewatch rules} against it. */
  CommandRun rules(String... arguments) {
    if (server == null) {
      throw new IllegalStateException("register the extension as a static field");
    }
    Stream<String> control = Stream.of("--control", "http://127.0.0.1:" + server.port());
    return CommandRun.of(
        Stream.of(Stream.of("rules"), Stream.of(arguments), control)
            .flatMap(part -> part)
            .toArray(String[]::new));
  }

  /** Writes a rule of logons, its title after the file. */
  static void write(Path file, String id, String condition) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        """
        title: Logon %s
        id: %s
        logsource:
          product: windows
          service: security
        detection:
          selection:
            %s
          condition: selection
        """
            .formatted(file.getFileName(), id, condition));
  }
}
