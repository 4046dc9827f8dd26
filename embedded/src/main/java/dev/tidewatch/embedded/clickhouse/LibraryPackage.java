package dev.tidewatch.embedded.clickhouse;

/**
 * An npm package that holds {@code package/libchdb.so}.
 *
 * @param integrity SHA-512 of the tarball, Base64, as npm writes it
 * @param librarySha256 of the library inside, hex
 * @param tarballBytes for progress and the check of free disk
 * @param libraryBytes unpacked
 */
public record LibraryPackage(
    String name,
    String version,
    String integrity,
    String librarySha256,
    long tarballBytes,
    long libraryBytes) {
  /** {@code name@version}. */
  public String spec() {
    return name + "@" + version;
  }
}
