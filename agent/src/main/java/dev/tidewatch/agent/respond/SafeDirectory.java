package dev.tidewatch.agent.respond;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;

/**
 * A directory that was reached from the root without following a link, and is held open: nobody can
 * put another one in its place between looking and acting.
 *
 * @param stream the directory, with its {@code ...at} calls
 */
record SafeDirectory(SecureDirectoryStream<Path> stream) implements AutoCloseable {

  /**
   * Opens the directory that holds {@code path}.
   *
   * @throws Refused with the code {@code path} when the path is not absolute and plain, {@code
   *     link} when a link is in it, {@code not-found} when it is not there
   */
  static SafeDirectory above(Path path) throws Refused, IOException {
    Path parent = path.getParent();
    if (parent == null || path.getFileName() == null) {
      throw Refused.because("path", path + " has no directory");
    }
    return open(parent);
  }

  /** A path from the outside, made plain: absolute, no {@code .} and {@code ..}, no NUL. */
  static Path plain(String text) throws Refused {
    if (!text.startsWith("/") || text.indexOf('\0') >= 0 || text.length() > 4096) {
      throw Refused.because("path", "the path has to be absolute");
    }
    Path path = Path.of(text);
    if (!path.equals(path.normalize())) {
      throw Refused.because("path", "the path must not hold . or ..");
    }
    return path;
  }

  @SuppressWarnings("StreamResourceLeak")
  static SafeDirectory open(Path directory) throws Refused, IOException {
    var root = Files.newDirectoryStream(directory.getRoot());
    if (!(root instanceof SecureDirectoryStream<Path> current)) {
      root.close();
      throw Refused.failed("unavailable", "this platform cannot open directories safely");
    }
    SecureDirectoryStream<Path> at = current;
    for (Path name : directory) {
      SecureDirectoryStream<Path> next;
      try {
        next = at.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
      } catch (java.nio.file.NoSuchFileException e) {
        throw Refused.failed("not-found", "there is no directory " + directory);
      } catch (FileSystemException e) {
        throw Refused.because("link", directory + " is not reached without a link at " + name);
      } finally {
        at.close();
      }
      at = next;
    }
    return new SafeDirectory(at);
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
