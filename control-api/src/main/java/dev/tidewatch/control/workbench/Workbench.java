package dev.tidewatch.control.workbench;

import dev.tidewatch.control.rule.WireRules;
import dev.tidewatch.control.v1.CompiledRule;
import dev.tidewatch.control.v1.RuleDiagnostic;
import dev.tidewatch.control.v1.RuleText;
import dev.tidewatch.control.v1.ValidateRulesResponse;
import dev.tidewatch.remember.Member;
import dev.tidewatch.remember.StatefulRule;
import dev.tidewatch.sigma.CompilerOptions;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.sigma.SigmaRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Rule texts compiled together with those rules of the running set that they may refer to.
 *
 * @param compiled all of them
 * @param files names of the texts that were given; only what stands in them is told
 */
record Workbench(Compilation compiled, Set<String> files) {
  /** Puts a running rule's text apart from the given ones; no file name can have it. */
  private static final String RUNNING = "\u0000running/";

  /**
   * @param running the rule set in force. Of it those rules come along whose id or name some text
   *     mentions, and those that they mention in turn
   * @param options with the value lists of the tenant whom the texts are tried for
   */
  static Workbench beside(Compilation running, List<RuleText> texts, CompilerOptions options) {
    List<RuleSource> given =
        texts.stream().map(text -> new RuleSource(text.getFile(), text.getText())).toList();
    Compilation alone = new SigmaCompiler(options).compile(given);
    Set<String> own = new HashSet<>();
    alone.rules().forEach(rule -> own.add(rule.id()));
    alone.stateful().forEach(rule -> own.add(rule.id()));
    Map<String, RuleSource> mentioned = new LinkedHashMap<>();
    List<String> unread = new ArrayList<>(texts.stream().map(RuleText::getText).toList());
    while (!unread.isEmpty()) {
      String text = unread.remove(unread.size() - 1);
      Running.of(running)
          .filter(rule -> !own.contains(rule.id()) && rule.isMentionedIn(text))
          .filter(rule -> !mentioned.containsKey(rule.id()))
          .toList()
          .forEach(
              rule -> {
                mentioned.put(rule.id(), new RuleSource(RUNNING + rule.id(), rule.source()));
                unread.add(rule.source());
              });
    }
    Set<String> files = new HashSet<>(given.stream().map(RuleSource::file).toList());
    if (mentioned.isEmpty()) {
      return new Workbench(alone, files);
    }
    List<RuleSource> all = Stream.concat(given.stream(), mentioned.values().stream()).toList();
    return new Workbench(new SigmaCompiler(options).compile(all), files);
  }

  private record Running(String id, String name, String source) {
    static Stream<Running> of(Compilation running) {
      return Stream.concat(
          running.rules().stream().map(rule -> new Running(rule.id(), rule.name(), rule.source())),
          running.stateful().stream()
              .map(rule -> new Running(rule.id(), rule.head().name(), rule.source())));
    }

    boolean isMentionedIn(String text) {
      return text.contains(id) || (!name.isEmpty() && text.contains(name));
    }
  }

  ValidateRulesResponse validation() {
    return ValidateRulesResponse.newBuilder()
        .addAllDiagnostics(diagnostics())
        .addAllRules(rules())
        .build();
  }

  List<RuleDiagnostic> diagnostics() {
    return compiled.diagnostics().stream()
        .filter(diagnostic -> files.contains(diagnostic.file()))
        .map(WireRules::diagnostic)
        .toList();
  }

  List<CompiledRule> rules() {
    return Stream.concat(
            detections().stream().map(Workbench::rule), stateful().stream().map(Workbench::rule))
        .toList();
  }

  /** Of the given texts. */
  List<SigmaRule> detections() {
    return compiled.rules().stream().filter(rule -> files.contains(rule.file())).toList();
  }

  /** Of the given texts. */
  List<StatefulRule> stateful() {
    return compiled.stateful().stream().filter(rule -> files.contains(rule.file())).toList();
  }

  private static CompiledRule rule(SigmaRule rule) {
    return CompiledRule.newBuilder()
        .setRuleId(rule.id())
        .setTitle(rule.title())
        .setKind("detection")
        .setLevel(WireRules.level(rule.level()))
        .setLogSource(WireRules.logSource(rule.logSource()))
        .setFile(rule.file())
        .build();
  }

  private static CompiledRule rule(StatefulRule rule) {
    return CompiledRule.newBuilder()
        .setRuleId(rule.id())
        .setTitle(rule.head().title())
        .setKind(rule.kind())
        .setLevel(WireRules.level(rule.head().level()))
        .setFile(rule.file())
        .addAllRefersTo(rule.members().stream().map(Member::ruleId).distinct().toList())
        .build();
  }
}
