package dev.tidewatch.control.rule;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Names of rule files: relative paths that stay below the directory they are put into. */
public final class RulePath {
  private static final int LONGEST = 400;
  private static final Pattern PLAIN = Pattern.compile("[^\\x00-\\x1f\\x7f\\\\:*?\"<>|]+");

  private RulePath() {}

  public static boolean isPlain(String path) {
    return path.length() <= LONGEST
        && PLAIN.matcher(path).matches()
        && Stream.of(path.split("/", -1))
            .noneMatch(part -> part.isBlank() || part.equals(".") || part.equals(".."));
  }

  public static String problem(String path) {
    String cut = path.length() <= 60 ? path : path.substring(0, 60) + "…";
    return ("'%s' must be a relative path of at most %d characters, with / between its parts and"
            + " none of them empty, . or ..")
        .formatted(cut, LONGEST);
  }

  /** A file name for a rule whose own is not plain. */
  static String plainOr(String path, String ruleId) {
    if (isPlain(path) && (path.endsWith(".yml") || path.endsWith(".yaml"))) {
      return path;
    }
    String safe = ruleId.replaceAll("[^A-Za-z0-9._-]", "_").replaceFirst("^\\.+", "_");
    return (safe.length() <= 200 ? safe : safe.substring(0, 200)) + ".yml";
  }

  /** The path with a number before its ending: what two rules of one file are told apart by. */
  static String numbered(String path, int number) {
    int dot = path.lastIndexOf('.');
    return path.substring(0, dot) + "." + number + path.substring(dot);
  }

  /** Whether rules are read from it. */
  static boolean isRuleFile(String path) {
    return List.of(".yml", ".yaml").stream().anyMatch(path::endsWith);
  }
}
