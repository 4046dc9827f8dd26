package dev.tidewatch.embedded.clickhouse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewatch.embedded.EmbeddedServerException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryCacheTest {
  private static final byte[] LIBRARY = "pretend this is half a gigabyte".getBytes(UTF_8);

  @TempDir Path directory;
  private final AtomicInteger downloads = new AtomicInteger();
  private final List<String> progress = new ArrayList<>();
  private byte[] tarball;
  private LibraryPackage wanted;

  @BeforeEach
  void pack() throws Exception {
    tarball = tarball("package/libchdb.so");
    wanted = wanted(tarball, LIBRARY.length);
  }

  private LibraryPackage wanted(byte[] packed, long libraryBytes) throws Exception {
    return new LibraryPackage(
        "@test/lib",
        "1.0",
        Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-512").digest(packed)),
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(LIBRARY)),
        packed.length,
        libraryBytes);
  }

  private static byte[] tarball(String entryName) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
      for (String name : List.of("package/package.json", entryName)) {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(LIBRARY.length);
        tar.putArchiveEntry(entry);
        tar.write(LIBRARY);
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private LibraryCache cache(byte[] downloaded) {
    return new LibraryCache(
        directory,
        wanted,
        (what, scratch, lines) -> {
          downloads.incrementAndGet();
          try {
            return Files.write(scratch.resolve("x.tgz"), downloaded);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @Test
  void fetchesOnceThenUsesWhatItHas() throws Exception {
    Path library = cache(tarball).get(progress::add);
    assertThat(library).hasBinaryContent(LIBRARY);
    assertThat(cache(tarball).get(progress::add)).isEqualTo(library);
    assertThat(downloads).hasValue(1);
    try (var left = Files.list(directory)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("libchdb.so", "libchdb.so.verified", "fetch.lock");
    }
  }

  @Test
  void oneOfManyFetches() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Path>> calls = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        calls.add(() -> cache(tarball).get(line -> {}));
      }
      for (Future<Path> library : pool.invokeAll(calls)) {
        assertThat(library.get()).hasBinaryContent(LIBRARY);
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(downloads).hasValue(1);
  }

  @Test
  void neverUsesWhatIsNotAsReleased() {
    byte[] tampered = tarball.clone();
    tampered[tampered.length - 1] ^= 1;
    assertThatThrownBy(() -> cache(tampered).get(progress::add))
        .isInstanceOf(EmbeddedServerException.class)
        .hasMessageContaining("checksum mismatch")
        .hasMessageContaining("@test/lib@1.0");
    assertThat(directory.resolve("libchdb.so")).doesNotExist();
    assertThat(cache(tarball).get(progress::add)).hasBinaryContent(LIBRARY);
  }

  @Test
  void replacesALibraryThatWasChanged() throws Exception {
    Path library = cache(tarball).get(progress::add);
    byte[] changed = LIBRARY.clone();
    changed[0] ^= 1;
    Files.write(library, changed);
    Files.setLastModifiedTime(library, FileTime.fromMillis(12_345));
    assertThat(cache(tarball).get(progress::add)).hasBinaryContent(LIBRARY);
    assertThat(downloads).hasValue(2);
  }

  @Test
  void takesARightLibraryThatSomeonePutThere() throws Exception {
    Files.write(directory.resolve("libchdb.so"), LIBRARY);
    assertThat(cache(tarball).get(progress::add)).hasBinaryContent(LIBRARY);
    assertThat(downloads).hasValue(0);
  }

  @Test
  void unpacksAGivenTarball() throws Exception {
    Path given = Files.write(directory.resolve("given.tgz"), tarball);
    assertThat(cache(tarball).fromTarball(given, progress::add)).hasBinaryContent(LIBRARY);
    assertThat(downloads).hasValue(0);
  }

  @Test
  void refusesAPackageWithoutTheLibrary() throws Exception {
    byte[] other = tarball("package/other.so");
    wanted = wanted(other, LIBRARY.length);
    assertThatThrownBy(() -> cache(other).get(progress::add)).hasMessageContaining("holds no");
  }

  @Test
  void saysWhenTheDiskIsTooSmall() throws Exception {
    wanted = wanted(tarball, Long.MAX_VALUE / 4);
    assertThatThrownBy(() -> cache(tarball).get(progress::add))
        .hasMessageContaining("too little disk")
        .hasMessageContaining("XDG_CACHE_HOME");
    assertThat(downloads).hasValue(0);
  }
}
