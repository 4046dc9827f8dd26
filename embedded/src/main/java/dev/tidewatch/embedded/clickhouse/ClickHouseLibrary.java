package dev.tidewatch.embedded.clickhouse;

import dev.tidewatch.embedded.EmbeddedServerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds {@code libchdb.so}, the ClickHouse engine as a shared library: where {@value #OVERRIDE}
 * points, else in the user's cache, else fetched once with {@code npm pack} (178 MB) and checked
 * against a pinned SHA-512.
 *
 * <p>The cache is {@code $XDG_CACHE_HOME/tidewatch/libchdb/VERSION}, by default under {@code
 * ~/.cache}.
 */
public final class ClickHouseLibrary {
  /**
   * System property, or environment variable, with the path of a libchdb.so or of the package's
   * tarball: for machines without network or npm.
   */
  public static final String OVERRIDE = "TIDEWATCH_LIBCHDB";

  /** Package and version that npm fetches. */
  public static final LibraryPackage PACKAGE =
      new LibraryPackage(
          "@chdb/lib-linux-x64-gnu",
          "26.7.3-stable.1",
          "XP97mMqnc5tZpKQywR8N7cLTsHNiTmHr30pC5mzo3jWmukjKn2IBa60c2B/gWUNcuFjOMjWoorQICCqBVj5wpw==",
          "36ad4e999882821ef13cf2d0f52c93f48e6ee1b4498b35a201c23ce4b8d15bf5",
          177_817_999,
          566_330_096);

  private ClickHouseLibrary() {}

  /**
   * Returns the library, fetching it where it is missing. Several processes may call at once; one
   * fetches.
   *
   * @param progress gets lines for the person at the terminal while something slow happens
   * @throws EmbeddedServerException with one line that says what is wrong and what to do: the
   *     machine does not fit, no npm, the download failed, a checksum is wrong, the disk is full
   */
  public static Path locate(Consumer<String> progress) {
    HostPlatform.current().requireSupported();
    String override = override();
    LibraryCache cache = new LibraryCache(cacheDirectory(), PACKAGE, new NpmPack());
    if (override == null) {
      return cache.get(progress);
    }
    Path given = Path.of(override);
    if (!Files.isRegularFile(given)) {
      throw new EmbeddedServerException(OVERRIDE + " names " + given + ", which is not a file");
    }
    return isTarball(given) ? cache.fromTarball(given, progress) : given.toAbsolutePath();
  }

  private static @Nullable String override() {
    String property = System.getProperty(OVERRIDE);
    String value = property != null ? property : System.getenv(OVERRIDE);
    return value == null || value.isBlank() ? null : value;
  }

  private static boolean isTarball(Path file) {
    try (var in = Files.newInputStream(file)) {
      return in.read() == 0x1f && in.read() == 0x8b;
    } catch (IOException e) {
      throw new EmbeddedServerException("cannot read " + file + ": " + e, e);
    }
  }

  private static Path cacheDirectory() {
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path base =
        xdg == null || xdg.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(xdg);
    return base.resolve("tidewatch").resolve("libchdb").resolve(PACKAGE.version());
  }
}
