package dev.tidewatch.cli;

import dev.tidewatch.control.gateway.Gateway;
import dev.tidewatch.control.gateway.GatewayException;
import dev.tidewatch.control.gateway.GatewayOptions;
import dev.tidewatch.control.gateway.ingest.Quota;
import dev.tidewatch.control.gateway.syslog.SyslogListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidewatch gateway}: the gateway alone, before a Kafka that is elsewhere. */
@Command(
    name = "gateway",
    description = {
      "Runs the telemetry gateway alone: agents, OpenTelemetry, HTTP and syslog into Kafka.",
      "The topic telemetry must exist (the detection job makes it)."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tidewatch gateway --kafka broker:9092 --bind 0.0.0.0 --host gw.example.com \\",
      "    --directory /var/lib/tidewatch/gateway --syslog-tenant acme",
      "  tidewatch gateway --kafka broker:9092 --directory /var/lib/tidewatch/gateway \\",
      "    --database-url jdbc:postgresql://db/tidewatch --max-connections-per-address 500"
    })
final class GatewayCommand implements Callable<Integer> {
  private static final Duration BURST = Duration.ofSeconds(10);

  @Spec CommandSpec spec;
  @Mixin GatewayPorts ports;
  @Mixin GatewaySizes sizes;
  @Mixin DatabasePlace database;

  @Option(
      names = "--kafka",
      required = true,
      paramLabel = "HOST:PORT",
      description = "Bootstrap servers, separated by commas.")
  String kafka = "";

  @Option(
      names = "--directory",
      required = true,
      paramLabel = "DIR",
      description = "CA, keys and enrolments. Keep it, and keep it to yourself.")
  Path directory = Path.of("");

  @Option(
      names = "--bind",
      defaultValue = "127.0.0.1",
      paramLabel = "ADDRESS",
      description = "Where the TLS and syslog ports listen. Default: ${DEFAULT-VALUE}.")
  String bind = "127.0.0.1";

  @Option(
      names = "--host",
      paramLabel = "NAME",
      description = "Names and addresses under which agents reach the gateway.")
  List<String> hosts = new ArrayList<>();

  @Option(
      names = "--agent-updates",
      paramLabel = "DIR",
      description =
          "Serves this repository of agent releases under /agent-updates/. Default: none.")
  @Nullable Path agentUpdates;

  @Option(
      names = "--syslog-tenant",
      defaultValue = "",
      paramLabel = "TENANT",
      description = "Listens for syslog (TCP) of this tenant. Default: no syslog.")
  String syslogTenant = "";

  @Option(
      names = "--events-per-second",
      defaultValue = "0",
      paramLabel = "N",
      description =
          "Quota of every tenant, with a burst of 10 s; without --database-url. Default: none.")
  long eventsPerSecond;

  @Option(
      names = "--bytes-per-second",
      defaultValue = "0",
      paramLabel = "N",
      description =
          "Quota of every tenant, with a burst of 10 s; without --database-url. Default: none.")
  long bytesPerSecond;

  @Option(
      names = "--kafka-delivery-timeout",
      defaultValue = "20",
      paramLabel = "SECONDS",
      description =
          "After which events that Kafka has not taken go back. Default: ${DEFAULT-VALUE}.")
  long deliveryTimeout = 20;

  @Option(
      names = "--refuse-clones",
      description = "Refuse agents on other hardware than at enrolment. Default: flag them.")
  boolean refuseClones;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Steps steps = new Steps(spec.commandLine().getOut(), Tidewatch.colours());
    CountDownLatch stopped = new CountDownLatch(1);
    try (Gateway gateway = start()) {
      steps.say("  Agents      " + bind + ":" + gateway.port() + "  (TLS)");
      steps.say("  Local       http://127.0.0.1:" + gateway.localPort());
      gateway.syslogPorts().forEach(port -> steps.say("  Syslog      " + bind + ":" + port));
      steps.say(
          "  State       "
              + directory
              + (database.url.isEmpty()
                  ? "  (admin.key is for administration)"
                  : "  (the control API administers it)"));
      steps.say("The gateway is ready. Stop with Ctrl-C.");
      Shutdown.onSignal(stopped);
      stopped.await();
      steps.say("Stopping ...");
    } finally {
      Shutdown.finished();
    }
    return Tidewatch.OK;
  }

  private Gateway start() {
    try {
      Quota quota = new Quota(eventsPerSecond, bytesPerSecond, BURST);
      GatewayOptions.Builder options =
          GatewayOptions.builder(directory, kafka)
              .bindAddress(bind)
              .ports(ports.tls, ports.local)
              .hosts(hosts)
              .limits(sizes.limits())
              .timeouts(sizes.timeouts())
              .deliveryTimeout(Duration.ofSeconds(deliveryTimeout))
              .refuseClones(refuseClones)
              .quotas(tenant -> quota)
              .syslog(
                  syslogTenant.isEmpty()
                      ? List.of()
                      : List.of(
                          new SyslogListener(
                              ports.syslog, false, syslogTenant, ZoneId.systemDefault())));
      database.options().ifPresent(options::database);
      if (agentUpdates != null) {
        options.agentUpdates(agentUpdates);
      }
      return Gateway.start(options.build());
    } catch (GatewayException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(Tidewatch.USAGE, String.valueOf(e.getMessage()));
    }
  }
}
