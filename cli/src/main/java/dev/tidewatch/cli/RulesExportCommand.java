package dev.tidewatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidewatch rules export}: what is deployed as a directory of files. */
@Command(
    name = "export",
    description = {
      "Writes the sources of what is deployed into a new or empty directory, one file for each rule.",
      "`rules sync` of the directory changes nothing then."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tidewatch rules export rules/",
      "  tidewatch rules export retired/ --stage retired --stage draft"
    })
final class RulesExportCommand implements Callable<Integer> {
  /** Stages of rules. */
  enum Stage {
    DRAFT,
    SHADOW,
    LIVE,
    RETIRED
  }

  @Spec CommandSpec spec;
  @Mixin ControlClient client;

  @Parameters(paramLabel = "DIR", description = "Created where missing.")
  Path directory;

  @Option(
      names = "--stage",
      paramLabel = "STAGE",
      description = "draft, shadow, live or retired; may be given again. Default: shadow and live.")
  List<Stage> stages = new ArrayList<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    requireEmpty();
    String query =
        stages.stream().map(s -> "stages=RULE_STAGE_" + s).collect(Collectors.joining("&"));
    JsonNode answer = client.get("rules:export" + (query.isEmpty() ? "" : "?" + query));
    byte[] archive = Base64.getDecoder().decode(answer.path("archive").asText());
    int files = write(archive);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%d files of revision %d in %s%n", files, answer.path("revision").asLong(), directory);
    out.flush();
    return Tidewatch.OK;
  }

  private void requireEmpty() throws IOException {
    Files.createDirectories(directory);
    try (Stream<Path> there = Files.list(directory)) {
      if (there.findAny().isPresent()) {
        throw new CommandFailedException(
            Tidewatch.USAGE, directory + ": is not empty; name another directory");
      }
    } catch (java.nio.file.NotDirectoryException | FileAlreadyExistsException e) {
      throw new CommandFailedException(Tidewatch.USAGE, directory + ": is no directory");
    }
  }

  /** A server's file names are not to be trusted either. */
  private int write(byte[] archive) throws IOException {
    Path root = directory.toAbsolutePath().normalize();
    int files = 0;
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = root.resolve(entry.getName()).normalize();
        if (!file.startsWith(root) || file.equals(root)) {
          throw new CommandFailedException(
              "the control API named a file outside of the directory: "
                  + Printable.of(entry.getName()));
        }
        Files.createDirectories(file.getParent());
        Files.write(file, zip.readAllBytes(), java.nio.file.StandardOpenOption.CREATE_NEW);
        files++;
      }
    }
    return files;
  }
}
