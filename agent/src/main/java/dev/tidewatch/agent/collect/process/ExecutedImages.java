package dev.tidewatch.agent.collect.process;

import dev.tidewatch.agent.collect.kernel.ExecWatch;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which program a process ran last, from the kernel's word of what was opened to be executed. Where
 * that is not permitted it knows nothing. Owned by the thread that listens.
 */
final class ExecutedImages implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ExecutedImages.class.getName());
  private static final int REMEMBERED = 1024;

  /** Where programs lie; each may be a file system of its own. */
  private static final Set<String> DIRECTORIES =
      Set.of("/", "/usr", "/bin", "/opt", "/home", "/root", "/var", "/tmp", "/run", "/dev/shm");

  /** The loader is opened to be executed too, behind every program. */
  private static final Pattern LOADER = Pattern.compile(".*/ld[-.][^/]*");

  /** Where nothing of it is to be had. */
  static final ExecutedImages NONE = new ExecutedImages(null);

  private final @Nullable ExecWatch watch;
  private final Map<Integer, String> byPid =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, String> eldest) {
          return size() > REMEMBERED;
        }
      };

  private ExecutedImages(@Nullable ExecWatch watch) {
    this.watch = watch;
  }

  static ExecutedImages open() {
    try {
      return new ExecutedImages(ExecWatch.open(DIRECTORIES));
    } catch (IOException e) {
      LOG.log(
          Level.INFO, "{0}; the shortest processes are told without their program", e.getMessage());
      return new ExecutedImages(null);
    }
  }

  /** Takes what the kernel has said; to be called often, for it keeps files open until then. */
  void take() throws IOException {
    if (watch != null) {
      for (ExecWatch.Opened opened : watch.next()) {
        if (!LOADER.matcher(opened.path()).matches()) {
          var unused = byPid.remove(opened.pid());
          byPid.put(opened.pid(), opened.path());
        }
      }
    }
  }

  /** The last program of a process, if it ran one lately. */
  Optional<String> of(int pid) {
    return Optional.ofNullable(byPid.get(pid));
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
  }
}
