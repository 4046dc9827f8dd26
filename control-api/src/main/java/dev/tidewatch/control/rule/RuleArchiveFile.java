package dev.tidewatch.control.rule;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.sigma.RuleSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Rule files in a zip. What is read is bounded as it is unpacked, whatever the zip says of itself;
 * nothing is written to a disk.
 */
public final class RuleArchiveFile {
  private static final int LARGEST_FILE = 1 << 20;
  private static final long LARGEST_TOTAL = 32L << 20;
  private static final int MOST_ENTRIES = 20_000;
  private static final int MOST_FILES = 10_000;

  private RuleArchiveFile() {}

  /** Its {@code .yml} and {@code .yaml} files, in its order. */
  public static List<RuleSource> read(ByteString archive) {
    List<RuleSource> sources = new ArrayList<>();
    Set<String> names = new HashSet<>();
    long[] left = {LARGEST_TOTAL};
    int entries = 0;
    try (ZipInputStream zip = new ZipInputStream(archive.newInput(), UTF_8)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        require(++entries <= MOST_ENTRIES, "holds more than " + MOST_ENTRIES + " entries");
        String name = entry.getName();
        String path = entry.isDirectory() ? name.replaceFirst("/$", "") : name;
        require(RulePath.isPlain(path), "holds a file whose name " + RulePath.problem(path));
        byte[] bytes = unpack(zip, name, left);
        if (!entry.isDirectory() && RulePath.isRuleFile(name)) {
          require(names.add(name), "holds " + name + " twice");
          sources.add(new RuleSource(name, text(name, bytes)));
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw FieldChecks.invalid("archive", "is not a zip that can be read: " + e.getMessage());
    }
    require(!sources.isEmpty(), "must be a zip that holds a .yml or .yaml file");
    require(sources.size() <= MOST_FILES, "holds more than " + MOST_FILES + " rule files");
    return sources;
  }

  private static byte[] unpack(ZipInputStream zip, String name, long[] left) throws IOException {
    byte[] bytes = zip.readNBytes(LARGEST_FILE + 1);
    require(bytes.length <= LARGEST_FILE, "holds " + name + " of more than 1 MiB");
    left[0] -= bytes.length;
    require(left[0] >= 0, "unpacks to more than 32 MiB");
    return bytes;
  }

  private static String text(String name, byte[] bytes) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw FieldChecks.invalid("archive", "holds " + name + ", which is not UTF-8");
    }
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw FieldChecks.invalid("archive", problem);
    }
  }

  /**
   * A zip of texts by path; the same texts make the same bytes.
   *
   * @param texts paths that are {@link RulePath#isPlain plain}
   */
  static ByteString write(Map<String, String> texts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes, UTF_8)) {
      for (Map.Entry<String, String> text : texts.entrySet()) {
        ZipEntry entry = new ZipEntry(text.getKey());
        entry.setLastModifiedTime(FileTime.fromMillis(0));
        zip.putNextEntry(entry);
        zip.write(text.getValue().getBytes(UTF_8));
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ByteString.copyFrom(bytes.toByteArray());
  }
}
