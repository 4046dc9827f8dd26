package dev.tidewatch.sigma.parse;

import static dev.tidewatch.diagnostic.DiagnosticCode.DETECTION_LIMIT;
import static dev.tidewatch.diagnostic.DiagnosticCode.NO_VALUE;
import static dev.tidewatch.diagnostic.DiagnosticCode.WILDCARD_IN_ENCODING;

import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.sigma.ir.Predicate;
import dev.tidewatch.sigma.ir.Search;
import dev.tidewatch.sigma.ir.TextPattern;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Applies transformations and encodings to one text value, from left to right. */
final class TextValueParser {
  private static final int MAX_VARIANTS = 625;

  private final FieldKey key;
  private final Diagnostics diagnostics;

  TextValueParser(FieldKey key, Diagnostics diagnostics) {
    this.key = key;
    this.diagnostics = diagnostics;
  }

  /**
   * A text on its way through the modifiers.
   *
   * @param bytes whether each character stands for a byte (after utf16 and its kin)
   * @param exact whether it is to be compared as is (after base64)
   */
  private record Stage(TextPattern pattern, boolean bytes, boolean exact) {
    byte[] content() {
      String text = pattern.literalText();
      return text.getBytes(bytes ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    }
  }

  /**
   * @param text the value, after placeholders
   * @return empty if it has an error
   */
  Optional<Search> parse(Scalar value, String text) {
    List<Stage> stages = List.of(new Stage(TextPattern.parse(text), false, false));
    for (Modifier modifier : key.modifiers()) {
      List<Stage> next = new ArrayList<>();
      for (Stage stage : stages) {
        Optional<List<Stage>> applied = apply(modifier, stage, value);
        if (applied.isEmpty()) {
          return Optional.empty();
        }
        next.addAll(applied.get());
      }
      stages = next;
    }
    if (stages.isEmpty()) {
      diagnostics.add(
          NO_VALUE,
          value.place(),
          "nothing of this text is the same in Base64 at any offset",
          "base64offset needs at least one character");
      return Optional.empty();
    }
    return Optional.of(Search.any(stages.stream().map(stage -> test(stage, text)).toList()));
  }

  private Search test(Stage stage, String written) {
    boolean cased = stage.exact() || key.has(Modifier.CASED);
    return new Search.Test(
        new Predicate.Text(key.field(), key.textMode(), stage.pattern(), cased, written));
  }

  private Optional<List<Stage>> apply(Modifier modifier, Stage stage, Scalar value) {
    return switch (modifier) {
      case WINDASH -> one(stage, TextTransformations.windash(stage.pattern()));
      case WIDE, UTF16LE -> encode(stage, value, StandardCharsets.UTF_16LE, "");
      case UTF16BE -> encode(stage, value, StandardCharsets.UTF_16BE, "");
      case UTF16 -> encode(stage, value, StandardCharsets.UTF_16LE, "\u00ff\u00fe");
      case BASE64 ->
          written(stage, value)
              .map(
                  all ->
                      exact(
                          all.stream().map(s -> TextTransformations.base64(s.content())).toList()));
      case BASE64OFFSET ->
          written(stage, value)
              .map(
                  all ->
                      exact(
                          all.stream()
                              .flatMap(s -> TextTransformations.base64Offsets(s.content()).stream())
                              .toList()));
      default -> Optional.of(List.of(stage));
    };
  }

  private static Optional<List<Stage>> one(Stage stage, TextPattern pattern) {
    return Optional.of(List.of(new Stage(pattern, stage.bytes(), stage.exact())));
  }

  private static List<Stage> exact(List<String> texts) {
    return texts.stream().map(t -> new Stage(TextPattern.literal(t), false, true)).toList();
  }

  private Optional<List<Stage>> encode(Stage stage, Scalar value, Charset charset, String mark) {
    return written(stage, value)
        .map(
            all ->
                all.stream()
                    .map(
                        s ->
                            mark
                                + TextTransformations.bytesAsText(
                                    s.pattern().literalText(), charset))
                    .map(t -> new Stage(TextPattern.literal(t), true, stage.exact()))
                    .toList());
  }

  /** The stage as plain texts: dashes written out, wildcards refused. */
  private Optional<List<Stage>> written(Stage stage, Scalar value) {
    if (stage.pattern().hasWildcard()) {
      diagnostics.add(
          WILDCARD_IN_ENCODING,
          value.place(),
          "a wildcard cannot be encoded",
          "write \\* or \\? for the character itself, or encode the parts in separate values");
      return Optional.empty();
    }
    List<TextPattern> variants = TextTransformations.writeOut(stage.pattern(), MAX_VARIANTS);
    if (variants.isEmpty()) {
      diagnostics.add(DETECTION_LIMIT, value.place(), "too many dashes to encode in all ways");
      return Optional.empty();
    }
    return Optional.of(
        variants.stream().map(p -> new Stage(p, stage.bytes(), stage.exact())).toList());
  }
}
