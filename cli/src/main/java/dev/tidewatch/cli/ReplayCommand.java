package dev.tidewatch.cli;

import dev.tidewatch.events.LogSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidewatch replay}: event files into a running pipeline. */
@Command(
    name = "replay",
    description = "Sends the events of files into the running pipeline, as they are.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  tidewatch replay --events security.ndjson",
      "  tidewatch replay --events day.ndjson.gz --rate 2000/s --timestamps current",
      "  tidewatch replay --events log.ndjson --kafka broker-1:9092 --tenant acme"
    })
final class ReplayCommand implements Callable<Integer> {
  /** Whose clock the events carry. */
  enum Timestamps {
    ORIGINAL,
    CURRENT
  }

  private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");

  @Spec CommandSpec spec;

  @Option(
      names = {"-e", "--events"},
      required = true,
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "NDJSON, concatenated JSON or JSON arrays, also gzipped; '-' is standard input.")
  List<String> files;

  @Option(
      names = "--rate",
      paramLabel = "N/s",
      converter = Rate.Converter.class,
      description = "Events per second, e.g. 2000/s. Default: as fast as Kafka takes them.")
  Rate rate = Rate.UNLIMITED;

  @Option(
      names = "--tenant",
      defaultValue = "default",
      description = "Tenant of the events. Default: ${DEFAULT-VALUE}.")
  String tenant;

  @Option(
      names = "--timestamps",
      defaultValue = "original",
      description = "original (default): the events' own times; current: the time of sending.")
  Timestamps timestamps;

  @Option(
      names = "--kafka",
      paramLabel = "HOST:PORT",
      description = "Bootstrap servers. Default: those of the `up` that runs on --data.")
  String kafka;

  @Option(names = "--data", paramLabel = "DIR", description = "Data directory of the running `up`.")
  Path data = Installation.defaultData();

  @Option(
      names = "--max-record",
      defaultValue = "33554432",
      paramLabel = "BYTES",
      description = "Longest event that is read as one. Default: 32 MiB.")
  int maxRecordBytes;

  @Override
  public Integer call() throws IOException {
    if (!TENANT.matcher(tenant).matches()) {
      throw new CommandFailedException(
          Tidewatch.USAGE,
          "--tenant " + tenant + ": letters, digits, '_', '.' and '-' only, at most 64");
    }
    for (String file : files) {
      EventFile.requireReadable("--events", file);
    }
    try (TelemetrySender sender = new TelemetrySender(bootstrapServers(), tenant);
        Ticker ticker = Ticker.start(spec.commandLine().getErr(), () -> progress(sender))) {
      long start = System.nanoTime();
      long sent = 0;
      for (String file : files) {
        sent = replay(file, sender, start, sent);
      }
      sender.flush();
      ticker.close();
      return report(sender, (System.nanoTime() - start) / 1e9);
    }
  }

  private long replay(String file, TelemetrySender sender, long start, long before)
      throws IOException {
    long sent = before;
    String origin = file.equals("-") ? "stdin" : Path.of(file).getFileName().toString();
    try (EventFile events = EventFile.open(file, maxRecordBytes)) {
      for (byte[] payload = events.next(); payload != null; payload = events.next()) {
        rate.await(start, sent++);
        sender.send(
            payload,
            origin,
            "",
            LogSource.UNKNOWN,
            timestamps == Timestamps.CURRENT ? Instant.now() : null);
      }
    }
    return sent;
  }

  private String bootstrapServers() throws IOException {
    if (kafka != null) {
      return kafka;
    }
    return RunningStack.find(data)
        .map(RunningStack::kafka)
        .orElseThrow(
            () ->
                new CommandFailedException(
                    "nothing runs on "
                        + data
                        + "; start `tidewatch up` first, or name --data or --kafka"));
  }

  private static String progress(TelemetrySender sender) {
    return String.format(Locale.ROOT, "%,d events acknowledged", sender.acknowledged());
  }

  private int report(TelemetrySender sender, double seconds) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%,d events sent in %.1f s (%,.0f/s), %,d refused by Kafka%n",
        sender.acknowledged(),
        seconds,
        sender.acknowledged() / Math.max(seconds, 1e-3),
        sender.failed());
    if (sender.failed() > 0) {
      out.printf("first refusal: %s%n", sender.firstFailure());
    }
    out.flush();
    return sender.failed() == 0 ? Tidewatch.OK : Tidewatch.FAILED;
  }
}
