package dev.tidewatch.embedded.clickhouse;

import dev.tidewatch.embedded.EmbeddedServerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code npm pack}: downloads through whatever registry and proxy the user's npm is set up for. A
 * cache of its own, thrown away after, shows how far the download is.
 */
final class NpmPack implements PackageSource {
  private static final long REPORT_SECONDS = 3;
  private static final long LIMIT_SECONDS = TimeUnit.MINUTES.toSeconds(30);

  private final String npm;

  NpmPack() {
    this("npm");
  }

  /**
   * @param npm the program to run
   */
  NpmPack(String npm) {
    this.npm = npm;
  }

  @Override
  public Path download(LibraryPackage wanted, Path directory, Consumer<String> progress) {
    progress.accept(
        "Downloading ClickHouse's engine ("
            + wanted.spec()
            + ", "
            + megabytes(wanted.tarballBytes())
            + " MB, once) with npm");
    Path errors = directory.resolve("npm.err");
    try {
      Process process = start(wanted, directory, errors);
      try {
        await(process, wanted, directory, progress);
      } finally {
        process.destroyForcibly();
      }
      if (process.exitValue() != 0) {
        throw failed(wanted, reason(errors, process.exitValue()));
      }
      return tarball(wanted, directory);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(wanted, "interrupted");
    } catch (IOException e) {
      throw failed(wanted, e.toString());
    }
  }

  private Process start(LibraryPackage wanted, Path directory, Path errors) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            npm,
            "pack",
            wanted.spec(),
            "--loglevel=error",
            "--ignore-scripts",
            "--cache=" + directory.resolve("cache"),
            "--pack-destination=" + directory);
    // Not in the user's project: npm pack reads the package.json and .npmrc of where it runs.
    builder.directory(directory.toFile());
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(errors.toFile());
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      return process;
    } catch (IOException e) {
      throw new EmbeddedServerException(
          "ClickHouse's engine is fetched with npm, and there is none: install Node.js with npm, or"
              + " "
              + offlineAdvice(wanted),
          e);
    }
  }

  private static void await(
      Process process, LibraryPackage wanted, Path directory, Consumer<String> progress)
      throws InterruptedException {
    for (long waited = 0; !process.waitFor(REPORT_SECONDS, TimeUnit.SECONDS); ) {
      waited += REPORT_SECONDS;
      if (waited > LIMIT_SECONDS) {
        throw failed(wanted, "no end after " + LIMIT_SECONDS / 60 + " minutes");
      }
      // For a moment npm has the tarball twice.
      long received = Math.min(size(directory), wanted.tarballBytes());
      progress.accept(
          "  " + megabytes(received) + " of " + megabytes(wanted.tarballBytes()) + " MB");
    }
  }

  private static long size(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.mapToLong(file -> Files.isRegularFile(file) ? file.toFile().length() : 0).sum();
    } catch (IOException | UncheckedIOException e) {
      return 0; // npm moves files while we look
    }
  }

  private static Path tarball(LibraryPackage wanted, Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".tgz"))
          .findFirst()
          .orElseThrow(() -> failed(wanted, "npm left no file"));
    }
  }

  /** npm's own error lines, without its warnings, notices and pointers to log files. */
  private static String reason(Path errors, int status) throws IOException {
    List<String> lines =
        Files.readAllLines(errors).stream()
            .filter(line -> line.startsWith("npm error ") || line.startsWith("npm ERR! "))
            .map(line -> line.replaceFirst("^npm (error|ERR!) ", "").strip())
            .filter(line -> !line.isEmpty() && !line.contains("A complete log of this run"))
            .limit(3)
            .collect(Collectors.toList());
    return lines.isEmpty() ? "npm ended with status " + status : String.join("; ", lines);
  }

  private static EmbeddedServerException failed(LibraryPackage wanted, String reason) {
    return new EmbeddedServerException(
        "npm could not download "
            + wanted.spec()
            + " ("
            + reason
            + "). Without network: "
            + offlineAdvice(wanted));
  }

  private static String offlineAdvice(LibraryPackage wanted) {
    return "run `npm pack "
        + wanted.spec()
        + "` on another machine and set "
        + ClickHouseLibrary.OVERRIDE
        + " to the file";
  }

  private static long megabytes(long bytes) {
    return (bytes + 500_000) / 1_000_000;
  }
}
