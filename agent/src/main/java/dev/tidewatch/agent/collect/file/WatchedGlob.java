package dev.tidewatch.agent.collect.file;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;

/**
 * An absolute glob, e.g. {@code /etc/**} or {@code /home/*&#47;.ssh/*}, and the directory below
 * which it can match.
 */
public final class WatchedGlob {
  private static final String SPECIAL = "*?[{\\";

  private final String text;
  private final Path root;
  private final PathMatcher matcher;

  /** Directories from the root down to a match, the root itself included. */
  private final int depth;

  private WatchedGlob(String text, Path root, PathMatcher matcher, int depth) {
    this.text = text;
    this.root = root;
    this.matcher = matcher;
    this.depth = depth;
  }

  /**
   * @throws IllegalArgumentException when it is no absolute glob
   */
  public static WatchedGlob of(String glob) {
    if (!(glob.startsWith("/") || glob.startsWith("**/"))
        || glob.contains("/../")
        || glob.endsWith("/..")) {
      throw new IllegalArgumentException("\"" + glob + "\" is no absolute glob, such as /etc/**");
    }
    PathMatcher matcher;
    try {
      matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
    } catch (java.util.regex.PatternSyntaxException e) {
      throw new IllegalArgumentException("\"" + glob + "\" is no glob: " + e.getDescription(), e);
    }
    int special = 0;
    while (special < glob.length() && SPECIAL.indexOf(glob.charAt(special)) < 0) {
      special++;
    }
    String fixed = glob.substring(0, glob.lastIndexOf('/', Math.max(special - 1, 0)) + 1);
    Path root = Path.of(fixed.isEmpty() ? "/" : fixed);
    long levels = 1 + glob.substring(fixed.length()).chars().filter(c -> c == '/').count();
    return new WatchedGlob(
        glob, root, matcher, glob.contains("**") ? Integer.MAX_VALUE : (int) levels);
  }

  public boolean matches(Path file) {
    return matcher.matches(file);
  }

  /** Whether files in {@code directory}, or below it, may match. */
  boolean reaches(Path directory) {
    return directory.startsWith(root) && directory.getNameCount() - root.getNameCount() < depth;
  }

  Path root() {
    return root;
  }

  @Override
  public String toString() {
    return text;
  }
}
