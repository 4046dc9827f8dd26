package dev.tidewatch.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EngineProcessTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final List<ConformanceCase> KIT =
      List.of(
          question("a", Outcome.MATCH),
          question("b", Outcome.NO_MATCH),
          question("c", Outcome.REJECTED));

  private final List<String> complaints = new CopyOnWriteArrayList<>();

  private static ConformanceCase question(String id, Outcome expected) {
    return new ConformanceCase(id, 1, "", "title: t", "{}", Map.of(), expected, "TW-E1");
  }

  @Test
  void answersCountInAnyOrder_codesOfOthersDoNot() throws Exception {
    KitReport report =
        shell(
            LIMIT,
            "cat >/dev/null; echo '{\"id\":\"c\",\"outcome\":\"rejected\",\"code\":\"other\"}';"
                + " echo '{\"id\":\"a\",\"outcome\":\"match\"}'; echo noise;"
                + " echo '{\"id\":\"a\",\"outcome\":\"no-match\"}'");

    assertThat(report.passed()).isEqualTo(2);
    assertThat(report.failed()).extracting(r -> r.answer().message()).containsExactly("no answer");
    assertThat(report.rows()).containsExactly(new KitReport.RowCount(1, 2, 3));
    assertThat(complaints).hasSize(2).anyMatch(c -> c.contains("answered twice: a"));
  }

  @Test
  void anEngineThatDoesNotEndIsEnded() throws Exception {
    KitReport report =
        shell(
            Duration.ofMillis(700), "echo '{\"id\":\"a\",\"outcome\":\"match\"}'; exec sleep 600");

    assertThat(report.passed()).isLessThanOrEqualTo(1);
    assertThat(complaints).anyMatch(c -> c.contains("did not end within"));
  }

  @Test
  void anEngineThatReadsNothingDoesNotBlock() throws Exception {
    List<ConformanceCase> many = new ArrayList<>();
    IntStream.range(0, 5_000).forEach(i -> many.add(question("q" + i, Outcome.MATCH)));

    KitReport report =
        new EngineProcess(List.of("sh", "-c", "exit 3"), LIMIT).run(many, complaints::add);

    assertThat(report.passed()).isZero();
    assertThat(report.failed()).hasSize(5_000);
  }

  @Test
  void ourOwnEngineAnswersOverAPipe() throws Exception {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            QuestionLoopMain.class.getName());
    List<ConformanceCase> kit = ConformanceKit.read(Path.of("../docs/conformance"));

    KitReport report = new EngineProcess(command, LIMIT).run(kit, complaints::add);

    assertThat(report.failed()).isEmpty();
    assertThat(complaints).isEmpty();
  }

  private KitReport shell(Duration limit, String script) throws Exception {
    return new EngineProcess(List.of("sh", "-c", script), limit).run(KIT, complaints::add);
  }
}
