package dev.tidewatch.agent;

import dev.tidewatch.agent.config.ConfigurationException;
import dev.tidewatch.agent.config.Settings;
import dev.tidewatch.agent.respond.ConfigurationTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The configuration in force: what the gateway sent last, else the machine's own file. The
 * gateway's is kept with its version in its first line.
 */
final class ManagedConfiguration implements ConfigurationTarget {
  private static final Pattern VERSION = Pattern.compile("# version (\\d{1,20})");

  private final AgentFiles files;
  private final Runnable changed;
  private final long version;

  /**
   * @param changed called when another one is in force
   */
  ManagedConfiguration(AgentFiles files, Runnable changed) throws IOException {
    this.files = files;
    this.changed = changed;
    this.version = storedVersion(files.managedConfiguration());
  }

  private static long storedVersion(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return 0;
    }
    Matcher first = VERSION.matcher(Files.readString(file).lines().findFirst().orElse(""));
    return first.matches() ? Long.parseUnsignedLong(first.group(1)) : 0;
  }

  @Override
  public long version() {
    return version;
  }

  /** The options in force. */
  AgentOptions options() throws IOException, ConfigurationException {
    Path file =
        Files.isRegularFile(files.managedConfiguration())
            ? files.managedConfiguration()
            : files.configuration();
    return AgentOptions.of(Settings.read(file), files, file.toString());
  }

  @Override
  public void check(String content) throws ConfigurationException {
    var unused = AgentOptions.of(Settings.parse("configuration", content), files, "configuration");
  }

  @Override
  public void change(long newVersion, String content) throws IOException, ConfigurationException {
    check(content);
    Path file = files.managedConfiguration();
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, "# version " + Long.toUnsignedString(newVersion) + "\n" + content);
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    changed.run();
  }
}
