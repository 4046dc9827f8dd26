package dev.tidewatch.agent.respond;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs a program with fixed arguments: no shell, bounded time and output, an environment of
 * nothing.
 */
final class Program {
  private Program() {}

  /**
   * @param command the program's path and its arguments
   * @param input for its standard input
   * @return its output, standard error included
   * @throws Refused {@code unavailable} when there is no such program, {@code failed}, {@code
   *     timeout} or {@code too-large}
   */
  static String run(List<String> command, String input, Duration timeout, int maxOutput)
      throws Refused, IOException, InterruptedException {
    if (!Files.isExecutable(Path.of(command.get(0)))) {
      throw Refused.failed("unavailable", "there is no " + command.get(0) + " on this machine");
    }
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    try {
      Thread watch = new Thread(() -> endAfter(process, timeout), "program-timeout");
      watch.setDaemon(true);
      watch.start();
      try (OutputStream in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // It does not read its input; what it says tells why.
      }
      String output = read(process.getInputStream(), maxOutput, command.get(0));
      int code = process.waitFor();
      if (code == 128 + 9 || code == 128 + 15) {
        throw Refused.failed("timeout", command.get(0) + " took longer than " + timeout);
      }
      if (code != 0) {
        throw Refused.failed(
            "failed", command.get(0) + " ended with " + code + ": " + head(output));
      }
      return output;
    } finally {
      process.destroyForcibly();
    }
  }

  private static void endAfter(Process process, Duration timeout) {
    try {
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
    }
  }

  private static String read(InputStream in, int maxOutput, String program)
      throws IOException, Refused {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] chunk = new byte[8192];
    for (int n = in.read(chunk); n > 0; n = in.read(chunk)) {
      if (bytes.size() + n > maxOutput) {
        throw Refused.failed("too-large", program + " says more than " + maxOutput + " bytes");
      }
      bytes.write(chunk, 0, n);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static String head(String output) {
    String line = output.strip().replaceAll("\\s+", " ");
    return line.length() > 300 ? line.substring(0, 300) + " ..." : line;
  }
}
