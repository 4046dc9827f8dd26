package dev.tidewatch.cli;

import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.MalformedEventException;
import dev.tidewatch.match.IndexedMatcher;
import dev.tidewatch.match.Matcher;
import dev.tidewatch.match.RuleMatch;
import dev.tidewatch.sigma.RuleDirectory;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidewatch detect}: the stream's matcher and memory over files, no servers. */
@Command(
    name = "detect",
    description = {
      "Runs Sigma rules, correlations and patterns over event files, without servers.",
      "Alerts of rules come in the order of the files; those of correlations and patterns, which",
      "see the events of all files in the order of their times, come last."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tidewatch detect --events security.ndjson",
      "  tidewatch detect --rules rules/ more-rules/ --events a.ndjson b.json.gz --output ndjson | jq .title",
      "  journalctl -o json | tidewatch detect --rules rules/linux --events -"
    })
final class DetectCommand implements Callable<Integer> {
  /** How alerts are printed. */
  enum Output {
    TABLE,
    NDJSON
  }

  @Spec CommandSpec spec;
  @Mixin RuleSelection rules;

  @Option(
      names = {"-e", "--events"},
      required = true,
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "NDJSON, concatenated JSON or JSON arrays, also gzipped; '-' is standard input.")
  List<String> files;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      description = "table (default) or ndjson, one line an alert.")
  Output output;

  @Option(
      names = "--max-record",
      defaultValue = "33554432",
      paramLabel = "BYTES",
      description = "Longest event that is read as one. Default: 32 MiB.")
  int maxRecordBytes;

  @Option(
      names = "--tenant",
      defaultValue = "default",
      description = "Tenant that alert ids are derived with. Default: ${DEFAULT-VALUE}.")
  String tenant;

  @Override
  public Integer call() throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    Compilation compilation = compile(rules.paths(), err);
    Matcher matcher = new IndexedMatcher(compilation.matched());
    FileMemory memory = new FileMemory(compilation, tenant);
    AlertPrinter printer =
        output == Output.NDJSON
            ? new NdjsonAlertPrinter(spec.commandLine().getOut())
            : new TableAlertPrinter(spec.commandLine().getOut(), Tidewatch.colours());
    Tally tally = new Tally();
    long start = System.nanoTime();
    for (String file : files) {
      EventFile.requireReadable("--events", file);
      detect(new Detection(matcher, memory, printer, tally), file, err);
    }
    for (FileEpisode episode : memory.finish()) {
      tally.alerts++;
      printer.print(episode);
    }
    printer.end();
    memory.notes().forEach(err::println);
    int count = compilation.rules().size() + compilation.stateful().size();
    tally.print(err, count, (System.nanoTime() - start) / 1e9);
    return Tidewatch.OK;
  }

  /** Compiles what can be compiled; each refused rule is one line on {@code err}. */
  private static Compilation compile(List<Path> paths, PrintWriter err) throws IOException {
    Compilation compilation = new SigmaCompiler().compile(RuleDirectory.read(paths));
    for (Diagnostic diagnostic : compilation.diagnostics()) {
      if (diagnostic.severity() == Diagnostic.Severity.ERROR) {
        err.printf(
            "%s:%d:%d: %s: %s%n",
            diagnostic.file(),
            diagnostic.line(),
            diagnostic.column(),
            diagnostic.code(),
            diagnostic.message());
      }
    }
    if (compilation.matched().isEmpty()) {
      throw new CommandFailedException(
          Tidewatch.USAGE,
          "no rule compiled out of " + compilation.files() + " files; see `tidewatch rules check`");
    }
    return compilation;
  }

  private record Detection(Matcher matcher, FileMemory memory, AlertPrinter printer, Tally tally) {
    void event(byte[] payload, String file, int record)
        throws IOException, MalformedEventException {
      EventDocument event = EventDocument.parse(payload);
      List<RuleMatch> matches = matcher.match(event);
      if (matches.isEmpty()) {
        return;
      }
      memory.fired(matches.stream().map(match -> match.rule().id()).toList(), event, file, record);
      for (RuleMatch match : matches) {
        if (!memory.isSilent(match.rule().id())) {
          tally.alerts++;
          printer.print(new FileAlert(match, file, record, event.timeMicros()));
        }
      }
    }
  }

  private void detect(Detection detection, String name, PrintWriter err) throws IOException {
    Tally tally = detection.tally();
    try (EventFile events = EventFile.open(name, maxRecordBytes)) {
      int record = 0;
      for (byte[] payload = events.next(); payload != null; payload = events.next(), record++) {
        tally.events++;
        tally.bytes += payload.length;
        try {
          detection.event(payload, name, record);
        } catch (MalformedEventException e) {
          tally.unreadable++;
          if (tally.unreadable <= 20) {
            err.printf("%s: record %d: %s: %s%n", name, record, e.code(), e.getMessage());
          }
        }
      }
    }
  }

  /** What a run saw. */
  private static final class Tally {
    long events;
    long bytes;
    long alerts;
    long unreadable;

    void print(PrintWriter err, int rules, double seconds) {
      if (unreadable > 20) {
        err.printf("... and %d unreadable records more%n", unreadable - 20);
      }
      err.printf(
          Locale.ROOT,
          "%,d events (%.1f MB), %,d rules, %,d alerts, %,d unreadable; %.2f s, %,.0f events/s%n",
          events,
          bytes / 1e6,
          rules,
          alerts,
          unreadable,
          seconds,
          events / Math.max(seconds, 1e-3));
      err.flush();
    }
  }
}
