package dev.tidewatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewatch.sigma.RuleDirectory;
import dev.tidewatch.sigma.RuleSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidewatch rules import}: a directory of rules, as drafts to begin with. */
@Command(
    name = "import",
    description = {
      "Takes in a directory of rules of any size: as drafts, which run nowhere, or in a stage.",
      "A text that its rule has had stays as it is placed. Large directories go in parts, each one"
          + " revision."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tidewatch rules import sigma/rules --skip-refused",
      "  tidewatch rules import sigma/rules --stage shadow --comment 'SigmaHQ of November'",
      "  tidewatch rules import sigma/rules --plan"
    })
final class RulesImportCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin ControlClient client;

  @Parameters(paramLabel = "DIR", description = "The directory of rules.")
  Path directory;

  @Option(
      names = "--stage",
      defaultValue = "draft",
      description = "draft (default), shadow or live.")
  RulesDeployCommand.Stage stage;

  @Option(
      names = "--skip-refused",
      description = "Import files without errors and name the others; else one error refuses all.")
  boolean skipRefused;

  @Option(names = "--plan", description = "Say what would be done, and do nothing.")
  boolean plan;

  @Option(names = "--comment", defaultValue = "", description = "Why, for the history.")
  String comment;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!Files.isDirectory(directory)) {
      throw new CommandFailedException(Tidewatch.USAGE, directory + ": no such directory");
    }
    List<RuleSource> sources = RuleDirectory.read(List.of(directory));
    if (sources.isEmpty()) {
      throw new CommandFailedException(Tidewatch.USAGE, "no rule files in " + directory);
    }
    List<RuleSource> readable = sources.stream().filter(s -> s.problems().isEmpty()).toList();
    Tally tally = new Tally(sources.size() - readable.size());
    boolean taken = send(readable, tally);
    List<RuleSource> again =
        readable.stream().filter(source -> tally.refused.contains(source.file())).toList();
    if (taken && tally.parts > 1 && !again.isEmpty()) {
      // What they refer to may have come in a later part.
      tally.refused.clear();
      taken = send(again, tally);
    }
    return print(tally, taken);
  }

  /** What became of all parts. */
  private static final class Tally {
    private final int unreadable;
    private final Set<String> refused = new TreeSet<>();
    private int parts;
    private int changed;
    private int rules;
    private long revision;
    private boolean waits;

    Tally(int unreadable) {
      this.unreadable = unreadable;
    }
  }

  private boolean send(List<RuleSource> sources, Tally tally)
      throws IOException, InterruptedException {
    for (RuleZip part : RuleZip.parts(sources)) {
      tally.parts++;
      ObjectNode body = client.body();
      body.put("archive", Base64.getEncoder().encodeToString(part.bytes()))
          .put("stage", "RULE_STAGE_" + stage)
          .put("comment", comment)
          .put("skipRefused", skipRefused)
          .put("dryRun", plan);
      JsonNode answer = client.post("rules:import", body);
      RuleUpload.findings(answer, spec.commandLine().getOut());
      if (answer.path("revision").asLong() == 0 && !skipRefused) {
        return false;
      }
      if (answer.path("revision").asLong() == 0) {
        part.files().forEach(tally.refused::add);
      }
      add(answer, tally);
    }
    return true;
  }

  private static void add(JsonNode answer, Tally tally) {
    tally.revision = Math.max(tally.revision, answer.path("revision").asLong());
    tally.waits |= answer.path("waitsForKafka").asBoolean();
    answer.path("refusedFiles").forEach(file -> tally.refused.add(file.asText()));
    for (JsonNode rule : answer.path("rules")) {
      tally.rules++;
      tally.changed += rule.path("changed").asBoolean() ? 1 : 0;
    }
  }

  private int print(Tally tally, boolean taken) {
    PrintWriter out = spec.commandLine().getOut();
    if (!taken) {
      out.println(
          "The rules have errors; "
              + (tally.revision == 0 ? "nothing was imported." : "this part was not imported."));
    } else {
      out.printf(
          "%s%,d rules, %,d of them new%s, revision %d%n",
          plan ? "Not imported: " : "",
          tally.rules,
          tally.changed,
          tally.refused.isEmpty() ? "" : ", %,d files refused".formatted(tally.refused.size()),
          tally.revision);
      if (tally.unreadable > 0) {
        out.printf("%,d files cannot be read%n", tally.unreadable);
      }
      DeployWait.printWaiting(tally.waits, out);
    }
    if (!tally.refused.isEmpty()) {
      out.println(
          "Refused: "
              + tally.refused.stream()
                  .limit(20)
                  .map(Printable::of)
                  .collect(Collectors.joining(", "))
              + (tally.refused.size() > 20 ? ", …" : ""));
    }
    out.flush();
    return taken && tally.refused.isEmpty() ? Tidewatch.OK : Tidewatch.NO;
  }

  /**
   * Rule files in a zip that fits into one request.
   *
   * @param files their names
   */
  record RuleZip(byte[] bytes, List<String> files) {
    private static final int LARGEST_ZIP = 500_000;
    private static final int MOST_TEXT = 3_000_000;

    static List<RuleZip> parts(List<RuleSource> sources) throws IOException {
      List<RuleZip> parts = new ArrayList<>();
      List<RuleSource> part = new ArrayList<>();
      long text = 0;
      for (RuleSource source : sources) {
        if (text + source.text().length() > MOST_TEXT) {
          cut(part, parts);
          part.clear();
          text = 0;
        }
        part.add(source);
        text += source.text().length();
      }
      cut(part, parts);
      return parts;
    }

    /** Halves what is still too large; one file goes as it is. */
    private static void cut(List<RuleSource> part, List<RuleZip> parts) throws IOException {
      if (part.isEmpty()) {
        return;
      }
      byte[] bytes = zip(part);
      if (bytes.length <= LARGEST_ZIP || part.size() == 1) {
        parts.add(new RuleZip(bytes, part.stream().map(RuleSource::file).toList()));
        return;
      }
      int half = part.size() / 2;
      cut(part.subList(0, half), parts);
      cut(part.subList(half, part.size()), parts);
    }

    private static byte[] zip(List<RuleSource> part) throws IOException {
      java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
      try (java.util.zip.ZipOutputStream zip = new java.util.zip.ZipOutputStream(bytes)) {
        for (RuleSource source : part) {
          zip.putNextEntry(new java.util.zip.ZipEntry(source.file()));
          zip.write(source.text().getBytes(java.nio.charset.StandardCharsets.UTF_8));
          zip.closeEntry();
        }
      }
      return bytes.toByteArray();
    }
  }
}
