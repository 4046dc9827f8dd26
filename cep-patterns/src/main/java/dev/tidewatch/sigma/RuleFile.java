package dev.tidewatch.sigma;

import dev.tidewatch.attack.Attack;
import dev.tidewatch.attack.Tactic;
import dev.tidewatch.correlation.CorrelationParser;
import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.diagnostic.DiagnosticCode;
import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Place;
import dev.tidewatch.diagnostic.SourceLines;
import dev.tidewatch.pattern.PatternParser;
import dev.tidewatch.remember.StatefulDocument;
import dev.tidewatch.remember.StatefulDocument.Origin;
import dev.tidewatch.sigma.ir.Detection;
import dev.tidewatch.sigma.parse.ParsedDocument;
import dev.tidewatch.sigma.parse.RuleHead;
import dev.tidewatch.sigma.parse.RuleParser;
import dev.tidewatch.sigma.yaml.YamlDocument;
import dev.tidewatch.sigma.yaml.YamlNode;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import dev.tidewatch.sigma.yaml.YamlReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** One file while it is compiled: what became of each document. */
final class RuleFile {
  /** A document that has an id of its own. */
  sealed interface Document {
    String id();

    Place idPlace();
  }

  /** A rule, and where its id stands. */
  record Compiled(SigmaRule rule, Place idPlace) implements Document {
    @Override
    public String id() {
      return rule.id();
    }
  }

  /** A correlation or pattern that was read, and the detections inside it. */
  record Stateful(StatefulDocument document, Origin origin, List<SigmaRule> inline)
      implements Document {
    @Override
    public String id() {
      return document.head().id();
    }

    @Override
    public Place idPlace() {
      return document.head().idPlace();
    }
  }

  private final RuleSource source;
  private final Map<String, List<String>> valueLists;
  private final Diagnostics diagnostics;
  private final List<Compiled> compiled = new ArrayList<>();
  private final List<Stateful> stateful = new ArrayList<>();
  private final List<ParsedDocument.Filter> filters = new ArrayList<>();
  private final List<String> filterTexts = new ArrayList<>();
  private final List<String> refusals = new ArrayList<>();
  private final Set<String> refusedNames = new HashSet<>();

  private RuleFile(RuleSource source, CompilerOptions options) {
    this.source = source;
    this.valueLists = options.valueLists();
    this.diagnostics = new Diagnostics(source.file());
  }

  static RuleFile read(RuleSource source, CompilerOptions options) {
    RuleFile file = new RuleFile(source, options);
    if (source.problems().isEmpty()) {
      file.compile();
    } else {
      source.problems().forEach(file::pass);
      file.refuseFor(source.problems().get(0).code());
    }
    return file;
  }

  /** As it was read; what is done to either does not show in the other. */
  RuleFile copy() {
    RuleFile copy = new RuleFile(source, new CompilerOptions(valueLists));
    diagnostics.found().forEach(copy.diagnostics::add);
    copy.compiled.addAll(compiled);
    copy.stateful.addAll(stateful);
    copy.filters.addAll(filters);
    copy.filterTexts.addAll(filterTexts);
    copy.refusals.addAll(refusals);
    copy.refusedNames.addAll(refusedNames);
    return copy;
  }

  /** Text of each of {@link #filters()}. */
  List<String> filterTexts() {
    return filterTexts;
  }

  String name() {
    return source.file();
  }

  /** In the order of the file. */
  List<Document> documents() {
    if (stateful.isEmpty() && compiled.size() == 1) {
      return List.of(compiled.get(0));
    }
    return Stream.<Document>concat(compiled.stream(), stateful.stream())
        .sorted(Comparator.comparingInt(document -> document.idPlace().line()))
        .toList();
  }

  List<Stateful> stateful() {
    return stateful;
  }

  List<SigmaRule> rules() {
    return compiled.size() == 1
        ? List.of(compiled.get(0).rule())
        : compiled.stream().map(Compiled::rule).toList();
  }

  /** Detections inside correlations and patterns. */
  List<SigmaRule> inline() {
    return stateful.isEmpty()
        ? List.of()
        : stateful.stream().flatMap(s -> s.inline().stream()).toList();
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

  /** Ids and names of refused documents, as far as they could be read. */
  Set<String> refusedNames() {
    return refusedNames;
  }

  void replaceRules(UnaryOperator<SigmaRule> rewrite) {
    compiled.replaceAll(c -> new Compiled(rewrite.apply(c.rule()), c.idPlace()));
    stateful.replaceAll(
        s -> new Stateful(s.document(), s.origin(), s.inline().stream().map(rewrite).toList()));
  }

  void refuse(Document document, DiagnosticCode code, String message, String remedy) {
    diagnostics.add(code, document.idPlace(), message, remedy);
    compiled.removeIf(c -> c == document);
    stateful.removeIf(s -> s == document);
    refuseFor(code.code());
  }

  /**
   * Refuses a correlation or pattern for errors that its diagnostics hold already.
   *
   * @param from how many findings there were before
   */
  void refuse(Stateful document, int from) {
    stateful.removeIf(s -> s == document);
    refuseFor(firstError(from));
  }

  private void refuseFor(String code) {
    refusals.add(code);
  }

  private void pass(Diagnostic problem) {
    diagnostics.add(problem);
  }

  private void compile() {
    int errors = diagnostics.errors();
    List<YamlDocument> documents = YamlReader.read(source.text(), diagnostics);
    if (documents.isEmpty() && diagnostics.errors() == errors) {
      diagnostics.add(DiagnosticCode.NO_DOCUMENT, Place.NONE, "the file holds no document");
      refuseFor(DiagnosticCode.NO_DOCUMENT.code());
    }
    RuleParser parser = new RuleParser(valueLists, diagnostics);
    for (int i = 0; i < documents.size(); i++) {
      document(documents, i, parser);
    }
  }

  private void document(List<YamlDocument> documents, int index, RuleParser parser) {
    YamlDocument document = documents.get(index);
    int before = diagnostics.found().size();
    String fallbackId = source.file() + (documents.size() == 1 ? "" : "#" + (index + 1));
    if (document.root().filter(parser::isStateful).isPresent()) {
      stateful(documents, index, fallbackId);
      return;
    }
    Optional<ParsedDocument> parsed =
        document.root().flatMap(root -> parser.parse(root, fallbackId));
    if (parsed.isEmpty() || !document.sound()) {
      refuse(document, fallbackId, before);
    } else if (parsed.get() instanceof ParsedDocument.Filter filter) {
      filters.add(filter);
      filterTexts.add(textOf(documents, index));
    } else {
      RuleHead head = parsed.get().head();
      String text = textOf(documents, index);
      compiled.add(new Compiled(rule(head, parsed.get().detection(), text), head.idPlace()));
    }
  }

  private void stateful(List<YamlDocument> documents, int index, String fallbackId) {
    YamlDocument document = documents.get(index);
    int before = diagnostics.found().size();
    Optional<StatefulDocument> parsed =
        document.root().flatMap(root -> parseStateful((Mapping) root, fallbackId));
    if (parsed.isEmpty() || !document.sound()) {
      refuse(document, fallbackId, before);
      return;
    }
    String text = textOf(documents, index);
    List<SigmaRule> inline =
        parsed.get().inline().stream().map(r -> rule(r.head(), r.detection(), text)).toList();
    stateful.add(
        new Stateful(parsed.get(), new Origin(source.file(), text, 1, hash(text)), inline));
  }

  private Optional<StatefulDocument> parseStateful(Mapping root, String fallbackId) {
    List<String> kinds =
        Stream.of("detection", "filter", "correlation", "pattern").filter(root::has).toList();
    if (kinds.size() > 1) {
      diagnostics.add(
          DiagnosticCode.MIXED_DOCUMENT,
          root.entry(kinds.get(1)).map(e -> e.key().place()).orElse(root.place()),
          "one document holds " + String.join(" and ", kinds),
          "write each as a document of its own, with --- between them");
      return Optional.empty();
    }
    return root.has("correlation")
        ? new CorrelationParser(diagnostics).parse(root, fallbackId)
        : new PatternParser(valueLists, diagnostics).parse(root, fallbackId);
  }

  private void refuse(YamlDocument document, String fallbackId, int from) {
    refusedNames.add(fallbackId);
    if (document.root().orElse(null) instanceof Mapping root) {
      for (String key : List.of("id", "name")) {
        root.entry(key)
            .filter(e -> e.value() instanceof Scalar)
            .ifPresent(e -> refusedNames.add(((Scalar) e.value()).text().strip()));
      }
    }
    refuseFor(document.firstError().orElseGet(() -> firstError(from)));
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

  static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
