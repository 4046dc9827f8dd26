package dev.tidewatch.agent.collect.inventory;

import dev.tidewatch.agent.collect.Payload;
import dev.tidewatch.agent.collect.kernel.SmallFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * From files of {@code /proc} and {@code /etc}: a library for it takes more memory than the rest.
 */
final class LinuxFacts implements MachineFacts {
  private static final int MAX_BYTES = 256 << 10;

  private final Path proc;
  private final Path etc;
  private final SmallFiles files = new SmallFiles();

  LinuxFacts(Path proc, Path etc) {
    this.proc = proc;
    this.etc = etc;
  }

  private String text(Path file) {
    return new String(files.read(file.toString(), MAX_BYTES), StandardCharsets.UTF_8);
  }

  /** The value behind a name, of the first line that begins with it. */
  private static String value(String text, String name) {
    for (String line : text.lines().toList()) {
      if (line.startsWith(name)) {
        String value = line.substring(name.length()).replaceFirst("^[\\s:=]+", "").strip();
        return value.startsWith("\"") && value.endsWith("\"") && value.length() > 1
            ? value.substring(1, value.length() - 1)
            : value;
      }
    }
    return "";
  }

  private static long kilobytes(String text, String name) {
    String digits = value(text, name).replaceAll("\\D", "");
    return digits.isEmpty() || digits.length() > 15 ? 0 : Long.parseLong(digits) << 10;
  }

  @Override
  public void system(Payload payload) throws IOException {
    String release = text(etc.resolve("os-release"));
    String memory = text(proc.resolve("meminfo"));
    String boot = value(text(proc.resolve("stat")), "btime");
    payload
        .put("os_family", value(release, "NAME="))
        .put("os_version", value(release, "VERSION="))
        .put("kernel", text(proc.resolve("sys/kernel/osrelease")).strip())
        .put("host_name", text(proc.resolve("sys/kernel/hostname")).strip());
    if (boot.matches("\\d{1,12}")) {
      payload.put("boot_time", Instant.ofEpochSecond(Long.parseLong(boot)).toString());
    }
    payload
        .put("cpu", value(text(proc.resolve("cpuinfo")), "model name"))
        .put("logical_cpus", Runtime.getRuntime().availableProcessors())
        .put("memory_bytes", kilobytes(memory, "MemTotal"))
        .put("addresses", MachineFacts.addresses())
        .put("disks", disks());
  }

  /** Of mounts with a device behind them, each device once. */
  private List<String> disks() throws IOException {
    List<String> disks = new ArrayList<>();
    Set<String> devices = new LinkedHashSet<>();
    for (String line : text(proc.resolve("self/mounts")).lines().toList()) {
      String[] columns = line.split(" ", -1);
      if (columns.length > 2 && columns[0].startsWith("/dev/") && devices.add(columns[0])) {
        Path mount = Path.of(columns[1].replace("\\040", " "));
        if (Files.isDirectory(mount)) {
          disks.add(MachineFacts.disk(mount.toString(), Files.getFileStore(mount)));
        }
      }
    }
    return disks;
  }

  @Override
  public void load(Payload payload) {
    String[] load = text(proc.resolve("loadavg")).split(" ", -1);
    String memory = text(proc.resolve("meminfo"));
    String[] names = {"load_1m", "load_5m", "load_15m"};
    for (int i = 0; i < names.length && i < load.length; i++) {
      if (load[i].matches("[0-9.]{1,12}")) {
        payload.put(names[i], Double.parseDouble(load[i]));
      }
    }
    payload
        .put("memory_available_bytes", kilobytes(memory, "MemAvailable"))
        .put("memory_bytes", kilobytes(memory, "MemTotal"))
        .put("processes", processes());
  }

  private long processes() {
    String[] names = proc.toFile().list((directory, name) -> Character.isDigit(name.charAt(0)));
    return names == null ? 0 : names.length;
  }
}
