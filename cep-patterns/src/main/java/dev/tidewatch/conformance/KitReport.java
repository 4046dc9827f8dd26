package dev.tidewatch.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How an engine's answers compare with the kit. */
public record KitReport(List<CaseResult> results) {

  /**
   * One case.
   *
   * @param answer what the engine said; an error where it said nothing
   */
  public record CaseResult(ConformanceCase question, Answer answer, boolean passed) {}

  /** Cases of one row of the semantics table. */
  public record RowCount(int row, int passed, int cases) {}

  public KitReport {
    results = List.copyOf(results);
  }

  /**
   * @param answers by case id
   * @param codes whether a rejection must carry the code that the case names; only Tidewatch's does
   */
  static KitReport of(List<ConformanceCase> kit, Map<String, Answer> answers, boolean codes) {
    List<CaseResult> results = new ArrayList<>();
    for (ConformanceCase question : kit) {
      Answer answer =
          answers.getOrDefault(
              question.id(), new Answer(question.id(), Outcome.ERROR, "", "no answer"));
      boolean sameCode =
          !codes || question.code().isEmpty() || question.code().equals(answer.code());
      results.add(
          new CaseResult(question, answer, answer.outcome() == question.expected() && sameCode));
    }
    return new KitReport(results);
  }

  /** Asks Tidewatch itself; codes count. */
  public static KitReport of(List<ConformanceCase> kit, TidewatchEngine engine) {
    Map<String, Answer> answers = new TreeMap<>();
    kit.forEach(question -> answers.put(question.id(), engine.answer(question)));
    return of(kit, answers, true);
  }

  public int passed() {
    return (int) results.stream().filter(CaseResult::passed).count();
  }

  public List<CaseResult> failed() {
    return results.stream().filter(result -> !result.passed()).toList();
  }

  /** In the order of the rows. */
  public List<RowCount> rows() {
    Map<Integer, RowCount> rows = new TreeMap<>();
    for (CaseResult result : results) {
      int row = result.question().row();
      rows.merge(
          row,
          new RowCount(row, result.passed() ? 1 : 0, 1),
          (a, b) -> new RowCount(row, a.passed() + b.passed(), a.cases() + b.cases()));
    }
    return List.copyOf(rows.values());
  }
}
