package dev.tidewatch.embedded.clickhouse;

import java.nio.file.Path;
import java.util.function.Consumer;

/** Downloads a package's tarball. */
interface PackageSource {
  /**
   * @param directory empty, for the download; the caller deletes it
   * @return the tarball in it, not verified yet
   * @throws dev.tidewatch.embedded.EmbeddedServerException when it cannot be had
   */
  Path download(LibraryPackage wanted, Path directory, Consumer<String> progress);
}
