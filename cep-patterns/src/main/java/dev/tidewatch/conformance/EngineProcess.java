package dev.tidewatch.conformance;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Another program as the engine: questions go to its standard input, answers come from its standard
 * output in any order, its standard error is shown as it is.
 */
public final class EngineProcess {
  /** After the program's end; a child of its own may hold the pipe open. */
  private static final Duration REST_OF_OUTPUT = Duration.ofSeconds(5);

  private final List<String> command;
  private final Duration limit;

  /**
   * @param limit for the whole kit; then the program is ended and what it did not answer counts as
   *     failed
   */
  public EngineProcess(List<String> command, Duration limit) {
    this.command = List.copyOf(command);
    this.limit = limit;
  }

  /**
   * @param complaints gets a line for every line of the program that is no answer
   * @throws IOException when the program cannot be started
   */
  public KitReport run(List<ConformanceCase> kit, Consumer<String> complaints)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Map<String, Answer> answers = new ConcurrentHashMap<>();
    Thread asking = new Thread(() -> ask(process, kit), "conformance-questions");
    Thread reading = new Thread(() -> read(process, answers, complaints), "conformance-answers");
    asking.setDaemon(true);
    reading.setDaemon(true);
    asking.start();
    reading.start();
    try {
      if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        reading.join(REST_OF_OUTPUT.toMillis());
      } else {
        complaints.accept("the engine did not end within " + limit.toSeconds() + " s");
      }
    } finally {
      process.destroyForcibly();
    }
    return KitReport.of(kit, answers, false);
  }

  private static void ask(Process process, List<ConformanceCase> kit) {
    try (BufferedWriter out = process.outputWriter(java.nio.charset.StandardCharsets.UTF_8)) {
      for (ConformanceCase question : kit) {
        out.write(CaseLines.question(question));
        out.newLine();
      }
    } catch (IOException e) {
      // It ended early; what it did not answer shows that.
    }
  }

  private static void read(
      Process process, Map<String, Answer> answers, Consumer<String> complaints) {
    try (BufferedReader in = process.inputReader(java.nio.charset.StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (!line.isBlank()) {
          accept(line, answers, complaints);
        }
      }
    } catch (IOException e) {
      complaints.accept("the engine's output ended: " + e.getMessage());
    }
  }

  private static void accept(
      String line, Map<String, Answer> answers, Consumer<String> complaints) {
    try {
      Answer answer = CaseLines.answer(line);
      if (answers.putIfAbsent(answer.id(), answer) != null) {
        complaints.accept("answered twice: " + answer.id());
      }
    } catch (IOException e) {
      complaints.accept("no answer: " + e.getMessage());
    }
  }
}
