package dev.tidewatch.sigma;

import dev.tidewatch.attack.Attack;
import dev.tidewatch.attack.Tactic;
import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.diagnostic.DiagnosticCode;
import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Place;
import dev.tidewatch.diagnostic.SourceLines;
import dev.tidewatch.sigma.ir.Detection;
import dev.tidewatch.sigma.parse.ParsedDocument;
import dev.tidewatch.sigma.parse.RuleHead;
import dev.tidewatch.sigma.parse.RuleParser;
import dev.tidewatch.sigma.yaml.YamlDocument;
import dev.tidewatch.sigma.yaml.YamlNode;
import dev.tidewatch.sigma.yaml.YamlReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** One file while it is compiled: what became of each document. */
final class RuleFile {
  /** A rule, and where its id stands. */
  record Compiled(SigmaRule rule, Place idPlace) {}

  private final RuleSource source;
  private final Diagnostics diagnostics;
  private final List<Compiled> compiled = new ArrayList<>();
  private final List<ParsedDocument.Filter> filters = new ArrayList<>();
  private final List<String> refusals = new ArrayList<>();

  private RuleFile(RuleSource source) {
    this.source = source;
    this.diagnostics = new Diagnostics(source.file());
  }

  static RuleFile read(RuleSource source, CompilerOptions options) {
    RuleFile file = new RuleFile(source);
    if (source.problems().isEmpty()) {
      file.compile(options);
    } else {
      source.problems().forEach(file::pass);
      file.refuseFor(source.problems().get(0).code());
    }
    return file;
  }

  List<Compiled> compiled() {
    return compiled;
  }

  List<SigmaRule> rules() {
    return compiled.stream().map(Compiled::rule).toList();
  }

  List<ParsedDocument.Filter> filters() {
    return filters;
  }

  Diagnostics diagnostics() {
    return diagnostics;
  }

  /** Code of the first error of each refused document. */
  List<String> refusals() {
    return refusals;
  }

  void replaceRules(UnaryOperator<SigmaRule> rewrite) {
    compiled.replaceAll(c -> new Compiled(rewrite.apply(c.rule()), c.idPlace()));
  }

  void refuse(Compiled rule, DiagnosticCode code, String message, String remedy) {
    diagnostics.add(code, rule.idPlace(), message, remedy);
    compiled.remove(rule);
    refuseFor(code.code());
  }

  private void refuseFor(String code) {
    refusals.add(code);
  }

  private void pass(Diagnostic problem) {
    diagnostics.add(problem);
  }

  private void compile(CompilerOptions options) {
    int errors = diagnostics.errors();
    List<YamlDocument> documents = YamlReader.read(source.text(), diagnostics);
    if (documents.isEmpty() && diagnostics.errors() == errors) {
      diagnostics.add(DiagnosticCode.NO_DOCUMENT, Place.NONE, "the file holds no document");
      refuseFor(DiagnosticCode.NO_DOCUMENT.code());
    }
    RuleParser parser = new RuleParser(options.valueLists(), diagnostics);
    for (int i = 0; i < documents.size(); i++) {
      document(documents, i, parser);
    }
  }

  private void document(List<YamlDocument> documents, int index, RuleParser parser) {
    YamlDocument document = documents.get(index);
    int before = diagnostics.found().size();
    String fallbackId = source.file() + (documents.size() == 1 ? "" : "#" + (index + 1));
    Optional<ParsedDocument> parsed =
        document.root().flatMap(root -> parser.parse(root, fallbackId));
    if (parsed.isEmpty() || !document.sound()) {
      refuseFor(document.firstError().orElseGet(() -> firstError(before)));
    } else if (parsed.get() instanceof ParsedDocument.Filter filter) {
      filters.add(filter);
    } else {
      RuleHead head = parsed.get().head();
      String text = textOf(documents, index);
      compiled.add(new Compiled(rule(head, parsed.get().detection(), text), head.idPlace()));
    }
  }

  private String firstError(int from) {
    List<Diagnostic> found = diagnostics.found();
    return found.subList(Math.min(from, found.size()), found.size()).stream()
        .filter(Diagnostic::isError)
        .map(Diagnostic::code)
        .findFirst()
        .orElse(DiagnosticCode.NOT_A_RULE.code());
  }

  private SigmaRule rule(RuleHead head, Detection detection, String text) {
    return new SigmaRule(
        head.id(),
        1,
        hash(text),
        head.title(),
        head.description(),
        head.author(),
        head.status(),
        head.level(),
        head.logSource(),
        head.tags(),
        ofTags(head, tag -> Attack.techniqueId(tag)),
        ofTags(head, tag -> Attack.tactic(tag).map(Tactic::shortName)),
        head.falsePositives(),
        head.references(),
        source.file(),
        text,
        head.name(),
        detection);
  }

  private static List<String> ofTags(
      RuleHead head, java.util.function.Function<String, Optional<String>> meaning) {
    Stream<String> found = head.tags().stream().map(meaning).flatMap(Optional::stream);
    return found.distinct().toList();
  }

  /** The document's own part of the file: from its first line to the next document's bar. */
  private String textOf(List<YamlDocument> documents, int index) {
    if (documents.size() == 1) {
      return source.text();
    }
    List<String> lines = SourceLines.split(source.text());
    int from = line(documents.get(index)) - 1;
    int to = from + 1;
    while (to < lines.size() && !lines.get(to).startsWith("---")) {
      to++;
    }
    return String.join("\n", lines.subList(Math.max(from, 0), to)) + "\n";
  }

  private static int line(YamlDocument document) {
    return document.root().map(YamlNode::place).map(Place::line).orElse(1);
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
