package dev.tidewatch.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CaseLinesTest {
  private static final String RULE =
      """
      title: t
      logsource: {product: windows}
      detection:
          s: {N|expand: '%L%'}
          condition: s
      """;

  @Test
  void aQuestionComesBackByteForByte() throws IOException {
    String event =
        "{ \"Channel\":\"Security\",\"N\":1.50e+1, \"M\" : [ -0 , 1e999],\"N\":\"ß\\u0041\"}";
    ConformanceCase question =
        new ConformanceCase(
            "x-1", 5, "about", RULE, event, Map.of("L", List.of("a", "b")), Outcome.MATCH, "");
    for (String line : List.of(CaseLines.question(question), CaseLines.whole(question))) {
      assertThat(line).doesNotContain("\n");
      ConformanceCase read = CaseLines.question(line);
      assertThat(read.id()).isEqualTo("x-1");
      assertThat(read.rule()).isEqualTo(RULE);
      assertThat(read.event()).isEqualTo(event);
      assertThat(read.lists()).isEqualTo(question.lists());
    }
    assertThat(CaseLines.question(question)).doesNotContain("expected", "about");
  }

  @Test
  void theLoopAnswersEveryLine() throws IOException {
    String question =
        CaseLines.question(
            new ConformanceCase(
                "q",
                14,
                "",
                RULE,
                "{\"Channel\":\"Security\",\"EventID\":1,\"N\":\"b\"}",
                Map.of("L", List.of("a", "b")),
                Outcome.MATCH,
                ""));
    String undefined = question.replace("\"L\":", "\"M\":").replace("\"q\"", "\"r\"");
    String asText = question.replaceFirst("\"event\":\\{.*?\\}", "\"event\":\"{broken\"");
    String noEvent = "{\"id\":\"z\",\"rule\":\"x\"}";
    StringWriter out = new StringWriter();

    QuestionLoop.serve(
        new BufferedReader(
            new StringReader(
                String.join("\n", question, "", undefined, asText, "nonsense", noEvent, "[1]"))),
        new PrintWriter(out),
        new TidewatchEngine());

    List<String> answers = out.toString().lines().toList();
    assertThat(answers).hasSize(6);
    assertThat(answers.get(0)).isEqualTo("{\"id\":\"q\",\"outcome\":\"match\"}");
    assertThat(answers.get(1))
        .startsWith("{\"id\":\"r\",\"outcome\":\"rejected\",\"code\":\"TW-E1209\"");
    assertThat(answers.get(2)).startsWith("{\"id\":\"q\",\"outcome\":\"error\"");
    assertThat(answers.subList(3, 6)).allMatch(line -> line.contains("no question: "));
    assertThat(CaseLines.answer(answers.get(1)).outcome()).isEqualTo(Outcome.REJECTED);
  }
}
