package dev.tidewatch.conformance;

import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.MalformedEventException;
import dev.tidewatch.match.ExhaustiveMatcher;
import dev.tidewatch.match.Matcher;
import dev.tidewatch.sigma.CompilerOptions;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.sigma.SigmaRule;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Tidewatch as the engine that is asked. */
public final class TidewatchEngine {
  private final Function<List<SigmaRule>, Matcher> matchers;

  public TidewatchEngine() {
    this(ExhaustiveMatcher::new);
  }

  /**
   * @param matchers makes the matcher that is held to the kit
   */
  public TidewatchEngine(Function<List<SigmaRule>, Matcher> matchers) {
    this.matchers = matchers;
  }

  /** The expected outcome is not looked at. */
  public Answer answer(ConformanceCase question) {
    SigmaCompiler compiler = new SigmaCompiler(new CompilerOptions(question.lists()));
    Compilation compilation =
        compiler.compile(List.of(new RuleSource("rule.yml", question.rule())));
    Optional<Diagnostic> error =
        compilation.diagnostics().stream().filter(Diagnostic::isError).findFirst();
    if (error.isPresent()) {
      return new Answer(question.id(), Outcome.REJECTED, error.get().code(), error.get().message());
    }
    try {
      EventDocument event = EventDocument.parse(question.event().getBytes(StandardCharsets.UTF_8));
      boolean fires = !matchers.apply(compilation.rules()).match(event).isEmpty();
      return new Answer(question.id(), fires ? Outcome.MATCH : Outcome.NO_MATCH, "", "");
    } catch (MalformedEventException e) {
      return new Answer(question.id(), Outcome.ERROR, e.code(), String.valueOf(e.getMessage()));
    }
  }
}
