package dev.tidewatch.cli;

import dev.tidewatch.benchmarks.MatchBenchmark;
import dev.tidewatch.benchmarks.RuleVariations;
import dev.tidewatch.sigma.RuleDirectory;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaRule;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidewatch bench match}: events per second of the matcher, decoding included. */
@Command(
    name = "match",
    description = {
      "Matches each file's events again and again and prints one JSON object a file, with the time",
      "that Jackson and fastjson2 take to parse the same bytes in the same run."
    },
    footerHeading = "%nExample:%n",
    footer =
        "  tidewatch bench match --rules my-rules/ --events a.ndjson b.ndjson | jq .ratio_to_jackson")
final class BenchMatchCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin RuleSelection rules;

  @Option(
      names = {"-e", "--events"},
      required = true,
      arity = "1..*",
      paramLabel = "FILE",
      description = "NDJSON files.")
  List<String> files;

  @Option(
      names = "--threads",
      defaultValue = "1",
      paramLabel = "N",
      description = "Threads that match at the same time. Default: 1.")
  int threads;

  @Option(
      names = "--rule-variations",
      defaultValue = "1",
      paramLabel = "N",
      description =
          "So many times the rules: each N-1 times again with other literals. Default: 1.")
  int variations;

  @Override
  public Integer call() throws Exception {
    if (threads < 1) {
      throw new CommandFailedException(Tidewatch.USAGE, "--threads " + threads + ": at least 1");
    }
    if (variations < 1) {
      throw new CommandFailedException(
          Tidewatch.USAGE, "--rule-variations " + variations + ": at least 1");
    }
    files.forEach(file -> EventFile.requireReadable("--events", file));
    SigmaCompiler.Compilation compilation =
        new SigmaCompiler().compile(RuleDirectory.read(rules.paths()));
    List<SigmaRule> all = RuleVariations.of(compilation.rules(), variations);
    MatchBenchmark benchmark = MatchBenchmark.of(all, threads);
    PrintWriter out = spec.commandLine().getOut();
    for (String file : files) {
      out.println(benchmark.measure(Path.of(file)).toPrettyString());
      out.flush();
    }
    return Tidewatch.OK;
  }
}
