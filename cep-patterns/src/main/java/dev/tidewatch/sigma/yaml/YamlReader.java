package dev.tidewatch.sigma.yaml;

import static dev.tidewatch.diagnostic.DiagnosticCode.YAML_LIMIT;
import static dev.tidewatch.diagnostic.DiagnosticCode.YAML_SYNTAX;

import dev.tidewatch.diagnostic.DiagnosticCode;
import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Place;
import dev.tidewatch.diagnostic.SourceLines;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.reader.ReaderException;

/**
 * Reads YAML text that nobody vouches for. Nothing is constructed from it: SnakeYAML composes
 * nodes, and the nodes become {@link YamlNode}s within limits on depth, nodes and characters.
 *
 * <p>A document that is broken costs only itself: reading goes on at the next line that begins with
 * {@code ---}.
 */
public final class YamlReader {
  private static final int MAX_DEPTH = 64;
  private static final int MAX_CODE_POINTS = 4 << 20;
  private static final int MAX_RECOVERIES = 20;

  private final String text;
  private final List<String> lines;
  private final Diagnostics diagnostics;
  private final List<YamlDocument> documents = new ArrayList<>();

  private YamlReader(String text, Diagnostics diagnostics) {
    this.text = text;
    this.lines = SourceLines.split(text);
    this.diagnostics = diagnostics;
  }

  /** All documents of {@code text}, the broken ones included; empty documents are left out. */
  public static List<YamlDocument> read(String text, Diagnostics diagnostics) {
    YamlReader reader = new YamlReader(text, diagnostics);
    int from = 0;
    for (int attempt = 0; attempt <= MAX_RECOVERIES && from >= 0; attempt++) {
      from = reader.readFrom(from);
    }
    return reader.documents;
  }

  /**
   * @return the line to go on at after an error, or -1 at the end
   */
  private int readFrom(int firstLine) {
    int readable = firstLine;
    try {
      Iterator<Node> nodes =
          new Yaml(options()).composeAll(new StringReader(tail(firstLine))).iterator();
      while (nodes.hasNext()) {
        Node node = nodes.next();
        readable = node.getEndMark().getLine();
        convert(node);
      }
      return -1;
    } catch (ReaderException e) {
      diagnostics.add(
          YAML_SYNTAX,
          placeOfCharacter(e.getPosition()),
          String.format("character U+%04X is not allowed in YAML", e.getCodePoint()),
          "write it as an escape inside double quotes");
      broken(YAML_SYNTAX);
      return -1;
    } catch (MarkedYAMLException e) {
      broken(YAML_SYNTAX);
      return nextDocument(Math.max(firstLine + 1, Math.max(readable, report(e))));
    } catch (YAMLException | StackOverflowError e) {
      diagnostics.add(YAML_LIMIT, Place.NONE, "the YAML cannot be read: " + firstLineOf(e));
      broken(YAML_LIMIT);
      return -1;
    }
  }

  private void broken(DiagnosticCode code) {
    documents.add(new YamlDocument(Optional.empty(), Optional.of(code.code())));
  }

  private void convert(Node node) {
    NodeConverter converter = new NodeConverter(lines, diagnostics);
    Optional<YamlNode> root = converter.convert(node);
    boolean empty = root.isPresent() && root.get() instanceof YamlNode.Scalar s && s.isNull();
    if (!empty) {
      documents.add(new YamlDocument(root, converter.firstError().map(DiagnosticCode::code)));
    }
  }

  /** Reports, and says at which line (0-based). */
  private int report(MarkedYAMLException e) {
    @SuppressWarnings("NullAway") // SnakeYAML is not annotated; both marks may be absent
    Mark mark = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
    String problem = e.getProblem() == null ? firstLineOf(e) : e.getProblem();
    String context = e.getContext() == null ? "" : e.getContext() + ": ";
    Place place = mark == null ? Place.NONE : new Place(mark.getLine() + 1, mark.getColumn() + 1);
    diagnostics.add(YAML_SYNTAX, place, context + problem, remedyFor(problem));
    return mark == null ? lines.size() : mark.getLine();
  }

  private static String remedyFor(String problem) {
    if (problem.contains("TAB")) {
      return "indent with spaces";
    }
    if (problem.contains("mapping values are not allowed")) {
      return "put text that contains ': ' in single quotes";
    }
    if (problem.contains("alias") || problem.contains("'*'") || problem.contains("'%'")) {
      return "put values that begin with *, & or % in single quotes";
    }
    return "";
  }

  private int nextDocument(int fromLine) {
    for (int l = fromLine; l < lines.size(); l++) {
      if (lines.get(l).startsWith("---")) {
        return l;
      }
    }
    return -1;
  }

  /** The text from a line on, with blank lines before it so that places stay true. */
  private String tail(int firstLine) {
    if (firstLine == 0) {
      return text;
    }
    return "\n".repeat(firstLine) + String.join("\n", lines.subList(firstLine, lines.size()));
  }

  private Place placeOfCharacter(int codePointIndex) {
    int left = codePointIndex;
    for (int l = 0; l < lines.size(); l++) {
      int length = lines.get(l).codePointCount(0, lines.get(l).length());
      if (left <= length) {
        return new Place(l + 1, left + 1);
      }
      left -= length + 1;
    }
    return Place.NONE;
  }

  private static LoaderOptions options() {
    LoaderOptions options = new LoaderOptions();
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setCodePointLimit(MAX_CODE_POINTS);
    options.setProcessComments(false);
    return options;
  }

  private static String firstLineOf(Throwable e) {
    return e.getMessage() == null
        ? e.getClass().getSimpleName()
        : e.getMessage().lines().findFirst().orElse("");
  }
}
