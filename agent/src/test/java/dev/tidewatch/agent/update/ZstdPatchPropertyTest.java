package dev.tidewatch.agent.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewatch.agent.release.PatchTrial;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** A patch makes the new file of the old one, or there is none. */
class ZstdPatchPropertyTest {
  private Path directory;

  @BeforeProperty
  void create() throws IOException {
    directory = Files.createTempDirectory("patches");
  }

  @AfterProperty
  void delete() throws IOException {
    for (String name : new String[] {"old", "new", "patch"}) {
      Files.deleteIfExists(directory.resolve(name));
    }
    Files.delete(directory);
  }

  /** Random bytes and runs of them moved, cut out and put in. */
  @Property(tries = 60)
  void makesTheNewFile(
      @ForAll long seed,
      @ForAll @IntRange(max = 200_000) int length,
      @ForAll @IntRange(max = 12) int edits)
      throws IOException {
    Random random = new Random(seed);
    byte[] old = new byte[length];
    random.nextBytes(old);
    ByteArrayOutputStream fresh = new ByteArrayOutputStream();
    for (int i = 0; i <= edits; i++) {
      int from = length == 0 ? 0 : random.nextInt(length);
      fresh.write(old, from, random.nextInt(length - from + 1));
      byte[] inserted = new byte[random.nextInt(50)];
      random.nextBytes(inserted);
      fresh.writeBytes(inserted);
    }
    assertPatches(old, fresh.toByteArray());
  }

  @Property(tries = 100)
  void makesAnyFileOfAnyOther(
      @ForAll @Size(max = 300) byte[] old, @ForAll @Size(max = 300) byte[] fresh)
      throws IOException {
    assertPatches(old, fresh);
  }

  private void assertPatches(byte[] old, byte[] fresh) throws IOException {
    Path oldFile = Files.write(directory.resolve("old"), old);
    Path newFile = Files.write(directory.resolve("new"), fresh);
    Path patch = directory.resolve("patch");
    if (PatchTrial.make(oldFile, newFile, patch)) {
      ByteArrayOutputStream made = new ByteArrayOutputStream();
      ZstdPatch.apply(oldFile, patch, made, fresh.length);
      assertThat(made.toByteArray()).isEqualTo(fresh);
      assertThat(Files.size(patch)).isLessThan(fresh.length);
    }
  }

  /** More than one frame; what has moved by megabytes is found. */
  @Property(tries = 2)
  void isSmallWhenLittleHasChanged(@ForAll @IntRange(max = 1000) int seed) throws IOException {
    byte[] old = new byte[5 << 20];
    new Random(seed).nextBytes(old);
    ByteArrayOutputStream fresh = new ByteArrayOutputStream();
    fresh.write(old, 3 << 20, 2 << 20);
    fresh.writeBytes(new byte[] {1, 2, 3});
    fresh.write(old, 0, 3 << 20);
    assertPatches(old, fresh.toByteArray());
    assertThat(directory.resolve("patch")).exists();
    assertThat(Files.size(directory.resolve("patch"))).isLessThan(2000);
  }

  /** A raw file that begins like a dictionary of zstd's own is not taken as one. */
  @Property(tries = 20)
  void anOldFileMayLookLikeADictionary(@ForAll @Size(min = 8, max = 4000) byte[] old)
      throws IOException {
    byte[] magic = {0x37, (byte) 0xA4, 0x30, (byte) 0xEC};
    System.arraycopy(magic, 0, old, 0, 4);
    assertPatches(old, java.util.Arrays.copyOfRange(old, 2, old.length));
  }

  @Property(tries = 40)
  void aDamagedPatchMakesAnErrorOrOtherBytesAndNeverMoreThanAllowed(@ForAll long seed)
      throws IOException {
    Random random = new Random(seed);
    byte[] old = new byte[20_000];
    random.nextBytes(old);
    byte[] fresh = old.clone();
    fresh[777] ^= 1;
    Path oldFile = Files.write(directory.resolve("old"), old);
    Path newFile = Files.write(directory.resolve("new"), fresh);
    Path patch = directory.resolve("patch");
    assertThat(PatchTrial.make(oldFile, newFile, patch)).isTrue();
    byte[] bytes = Files.readAllBytes(patch);
    bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
    Files.write(patch, bytes);
    ByteArrayOutputStream made = new ByteArrayOutputStream();
    try {
      ZstdPatch.apply(oldFile, patch, made, fresh.length);
    } catch (IOException e) {
      assertThat(e).hasMessageMatching("(?s).+");
    }
    assertThat(made.size()).isLessThanOrEqualTo(fresh.length);
    assertThatThrownBy(() -> ZstdPatch.apply(oldFile, newFile, made, fresh.length))
        .isInstanceOf(IOException.class);
  }
}
