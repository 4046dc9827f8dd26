package dev.tidewatch.benchmarks.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A JVM of its own with this one's class path, which can be killed and started again. What it says
 * goes to a log file.
 *
 * @param name for messages and for the log file
 */
record ChildJvm(
    String name,
    List<String> jvmArguments,
    String mainClass,
    List<String> arguments,
    Map<String, String> environment,
    Path log) {

  /** One life of it. */
  record Life(ChildJvm jvm, Process process) {
    boolean isAlive() {
      return process.isAlive();
    }

    /** {@code kill -9}; returns when it is gone. */
    void kill() {
      process.destroyForcibly();
      try {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
          throw new IllegalStateException(jvm.name() + " does not end");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  Life start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmArguments);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    command.addAll(arguments);
    Files.createDirectories(log.getParent());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return new Life(this, builder.start());
  }

  /** Kills what may be there. */
  static void kill(@Nullable Life life) {
    if (life != null) {
      life.kill();
    }
  }
}
