package dev.tidewatch.sigma;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A document of a rule file that has an id: a rule, a correlation, a pattern or a filter. What is
 * deployed and versioned.
 *
 * @param file for messages; the id itself where the document has none of its own, so that it gets
 *     the same id when it is compiled alone
 * @param text its YAML
 * @param hash first 16 hex digits of SHA-256 over {@code text}
 */
public record RuleDocument(
    Kind kind, String id, String title, String file, String text, String hash) {
  /** What a document is. */
  public enum Kind {
    DETECTION,
    /** A correlation or a pattern. */
    STATEFUL,
    FILTER
  }

  /** As a source that compiles to this document alone. */
  public RuleSource source() {
    return new RuleSource(file, text);
  }

  /**
   * All documents that were read without an error, in the order of the sources. A placeholder
   * without a value list is none here.
   */
  public static List<RuleDocument> of(Collection<RuleSource> sources) {
    List<RuleDocument> documents = new ArrayList<>();
    for (RuleSource source : sources) {
      RuleFile file = RuleFile.read(source, CompilerOptions.standIns(source));
      for (RuleFile.Document document : file.documents()) {
        documents.add(of(file, document));
      }
      for (int i = 0; i < file.filters().size(); i++) {
        var head = file.filters().get(i).head();
        documents.add(
            document(file, Kind.FILTER, head.id(), head.title(), file.filterTexts().get(i)));
      }
    }
    return documents;
  }

  private static RuleDocument of(RuleFile file, RuleFile.Document document) {
    if (document instanceof RuleFile.Compiled compiled) {
      SigmaRule rule = compiled.rule();
      return document(file, Kind.DETECTION, rule.id(), rule.title(), rule.source());
    }
    var stateful = (RuleFile.Stateful) document;
    return document(
        file,
        Kind.STATEFUL,
        stateful.id(),
        stateful.document().head().title(),
        stateful.origin().source());
  }

  private static RuleDocument document(
      RuleFile file, Kind kind, String id, String title, String text) {
    boolean named = !id.equals(file.name()) && !id.startsWith(file.name() + "#");
    return new RuleDocument(kind, id, title, named ? file.name() : id, text, RuleFile.hash(text));
  }
}
