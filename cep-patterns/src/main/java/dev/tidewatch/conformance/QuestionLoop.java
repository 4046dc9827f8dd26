package dev.tidewatch.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;

/** The engine's side of the protocol: one line in, one line out, until the input ends. */
public final class QuestionLoop {
  private QuestionLoop() {}

  /** Answers {@code in}; a line that is no question is answered with an error. */
  public static void serve(BufferedReader in, PrintWriter out, TidewatchEngine engine)
      throws IOException {
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (!line.isBlank()) {
        out.println(CaseLines.answer(answer(line, engine)));
        out.flush();
      }
    }
  }

  private static Answer answer(String line, TidewatchEngine engine) {
    try {
      return engine.answer(CaseLines.question(line));
    } catch (IOException e) {
      return new Answer("", Outcome.ERROR, "", "no question: " + e.getMessage());
    }
  }
}
