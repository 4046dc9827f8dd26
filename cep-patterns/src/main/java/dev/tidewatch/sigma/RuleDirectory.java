package dev.tidewatch.sigma;

import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.diagnostic.DiagnosticCode;
import dev.tidewatch.diagnostic.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads rule files: {@code *.yml} and {@code *.yaml}, without {@code *.tests.yml}. */
public final class RuleDirectory {
  /** Rule files are kilobytes; a larger one is no rule. */
  private static final long MAX_BYTES = 1 << 20;

  private final Map<String, RuleSource> sources = new LinkedHashMap<>();
  private final Set<Path> seen = new HashSet<>();

  private RuleDirectory() {}

  /**
   * Reads files and directories, the latter with all below them except hidden ones, in the order of
   * their names. A file that is reached twice is read once; a symbolic link that leads back up is
   * not followed.
   *
   * <p>A file under a directory is named relative to it, one that was named itself as it was named.
   * A file that cannot be read, or is larger than 1 MiB, becomes a source with a problem.
   *
   * @throws UncheckedIOException with the path in its message, when a path does not exist
   */
  public static List<RuleSource> read(List<Path> paths) {
    RuleDirectory reading = new RuleDirectory();
    for (Path path : paths) {
      if (!Files.exists(path)) {
        NoSuchFileException missing = new NoSuchFileException(path.toString());
        throw new UncheckedIOException("there is no file or directory " + path, missing);
      }
      if (Files.isDirectory(path)) {
        reading.directory(path);
      } else {
        reading.file(path, path.toString(), path.toString());
      }
    }
    return List.copyOf(reading.sources.values());
  }

  /** Whether a file of this name holds rules. */
  public static boolean isRuleFile(String name) {
    boolean yaml = name.endsWith(".yml") || name.endsWith(".yaml");
    boolean tests = name.endsWith(".tests.yml") || name.endsWith(".tests.yaml");
    return yaml && !tests && !name.startsWith(".");
  }

  private void directory(Path directory) {
    List<Path> files = new ArrayList<>();
    RuleFiles visitor = new RuleFiles(directory, files);
    try {
      Files.walkFileTree(directory, Set.of(FileVisitOption.FOLLOW_LINKS), 64, visitor);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + directory + ": " + e.getMessage(), e);
    }
    files.addAll(visitor.failed.keySet());
    files.sort(Comparator.comparing(file -> slashes(directory.relativize(file))));
    for (Path file : files) {
      String name = slashes(directory.relativize(file));
      IOException failure = visitor.failed.get(file);
      if (failure == null) {
        file(file, name, slashes(file));
      } else {
        add(
            unreadable(
                uniqueName(name, slashes(file)), "cannot be listed: " + failure.getMessage()));
      }
    }
  }

  /** Collects the rule files below a directory. */
  private static final class RuleFiles extends SimpleFileVisitor<Path> {
    private final Path top;
    private final Collection<Path> files;
    private final Map<Path, IOException> failed = new LinkedHashMap<>();

    RuleFiles(Path top, Collection<Path> files) {
      this.top = top;
      this.files = files;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      boolean hidden = !directory.equals(top) && isHidden(directory);
      return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (isRuleFile(file.getFileName().toString()) && !attributes.isDirectory()) {
        files.add(file);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      boolean cycle = e instanceof java.nio.file.FileSystemLoopException;
      if (!cycle && !isHidden(file)) {
        failed.put(file, e);
      }
      return FileVisitResult.CONTINUE;
    }

    private static boolean isHidden(Path path) {
      return path.getFileName().toString().startsWith(".");
    }
  }

  private void file(Path file, String name, String longName) {
    try {
      if (!seen.add(file.toRealPath())) {
        return;
      }
      String unique = uniqueName(name, longName);
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        add(
            problem(
                unique,
                DiagnosticCode.FILE_TOO_LARGE,
                "the file has " + size + " bytes, more than " + MAX_BYTES));
      } else {
        add(new RuleSource(unique, decode(Files.readAllBytes(file))));
      }
    } catch (CharacterCodingException e) {
      add(unreadable(uniqueName(name, longName), "is not UTF-8"));
    } catch (IOException e) {
      add(unreadable(uniqueName(name, longName), "cannot be read: " + e));
    }
  }

  private String uniqueName(String name, String longName) {
    return sources.containsKey(name) ? longName : name;
  }

  private void add(RuleSource source) {
    sources.put(source.file(), source);
  }

  private static String decode(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT)
        .decode(ByteBuffer.wrap(bytes))
        .toString();
  }

  private static RuleSource unreadable(String name, String why) {
    return problem(name, DiagnosticCode.UNREADABLE_FILE, "the file " + why);
  }

  private static RuleSource problem(String name, DiagnosticCode code, String message) {
    Diagnostic problem = Diagnostic.of(code, name, Place.NONE, message, "");
    return new RuleSource(name, "", List.of(problem));
  }

  private static String slashes(Path path) {
    return path.toString().replace('\\', '/');
  }
}
