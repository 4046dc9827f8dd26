package dev.tidewatch.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** The engine as a program, for the test that asks one over a pipe. */
final class QuestionLoopMain {
  private QuestionLoopMain() {}

  public static void main(String[] arguments) throws IOException {
    QuestionLoop.serve(
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
        new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8)),
        new TidewatchEngine());
  }
}
