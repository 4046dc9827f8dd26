package dev.tidewatch.agent;

import dev.tidewatch.agent.collect.Collector;
import dev.tidewatch.agent.collect.file.FileCollector;
import dev.tidewatch.agent.collect.file.FileOptions;
import dev.tidewatch.agent.collect.inventory.InventoryCollector;
import dev.tidewatch.agent.collect.inventory.InventoryOptions;
import dev.tidewatch.agent.collect.log.JournalCollector;
import dev.tidewatch.agent.collect.log.LogCollector;
import dev.tidewatch.agent.collect.log.LogOptions;
import dev.tidewatch.agent.collect.network.NetworkCollector;
import dev.tidewatch.agent.collect.network.NetworkOptions;
import dev.tidewatch.agent.collect.process.ProcessCollector;
import dev.tidewatch.agent.collect.process.ProcessOptions;
import dev.tidewatch.agent.collect.process.RecentProcesses;
import dev.tidewatch.agent.collect.windows.WindowsEventCollector;
import dev.tidewatch.agent.collect.windows.WindowsEventOptions;
import dev.tidewatch.agent.config.Settings;
import dev.tidewatch.events.v1.SourceHint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The collectors there are, by the name that their settings begin with. */
final class Collectors {
  private static final Path ROOT = Path.of("/");
  private static final Path PROC = Path.of("/proc");
  private static final Path PASSWD = Path.of("/etc/passwd");
  private static final SourceHint OSQUERY =
      SourceHint.newBuilder().setProduct("osquery").setService("results").build();

  private Collectors() {}

  static Map<String, Supplier<Collector>> of(AgentOptions options, AgentFiles files)
      throws IOException {
    Settings settings = options.settings();
    Files.createDirectories(files.progress("x").getParent());
    RecentProcesses recent = new RecentProcesses();
    Map<String, Supplier<Collector>> collectors = new LinkedHashMap<>();
    collectors.put("process", () -> new ProcessCollector(process(settings), recent));
    collectors.put(
        "network",
        () ->
            new NetworkCollector(
                new NetworkOptions(
                    settings.flag("network.sock-diag"),
                    settings.duration("network.interval"),
                    PROC,
                    PASSWD),
                recent));
    collectors.put("file", () -> new FileCollector(file(options, files), recent));
    collectors.put("logs", () -> new LogCollector("logs", logs(settings, files)));
    collectors.put(
        "journal",
        () ->
            new JournalCollector(
                Path.of(settings.text("journal.journalctl")),
                files.progress("journal"),
                settings.smallSize("limits.max-event-bytes")));
    collectors.put("windows", () -> new WindowsEventCollector(windows(settings, files)));
    collectors.put("osquery", () -> osquery(settings, files));
    collectors.put("inventory", () -> new InventoryCollector(inventory(settings, files)));
    return collectors;
  }

  private static InventoryOptions inventory(Settings settings, AgentFiles files) {
    Set<String> lists = new TreeSet<>(List.of("ports", "packages", "users", "sessions"));
    lists.removeIf(list -> !settings.flag("inventory." + list));
    return new InventoryOptions(
        atLeast(settings.duration("inventory.interval")),
        atLeast(settings.duration("inventory.changes-interval")),
        atLeast(settings.duration("inventory.performance-interval")),
        lists,
        files.progress("inventory"),
        ROOT);
  }

  private static Duration atLeast(Duration duration) {
    Duration least = Duration.ofSeconds(10);
    return duration.compareTo(least) < 0 ? least : duration;
  }

  private static ProcessOptions process(Settings settings) {
    return new ProcessOptions(
        settings.flag("process.connector"),
        settings.duration("process.poll-interval"),
        settings.flag("process.exits"),
        settings.smallSize("process.max-command-line"),
        settings.size("process.max-hash-bytes"),
        PROC,
        PASSWD);
  }

  private static FileOptions file(AgentOptions options, AgentFiles files) {
    FileOptions usual = FileOptions.of(options.watch(), files.progress("file"));
    return new FileOptions(
        options.watch(),
        options.ignore(),
        usual.settle(),
        options.settings().size("file.max-hash-bytes"),
        options.settings().count("file.max-directories"),
        usual.maxFiles(),
        usual.baseline(),
        options.settings().flag("file.who"),
        PROC,
        PASSWD);
  }

  private static LogOptions logs(Settings settings, AgentFiles files) {
    LogOptions usual = LogOptions.of(settings.list("logs.files"), files.progress("logs"));
    return new LogOptions(
        settings.list("logs.files"),
        settings.duration("logs.interval"),
        settings.duration("logs.rotation-quiet"),
        settings.smallSize("logs.max-line"),
        settings.flag("logs.from-beginning"),
        usual.maxFiles(),
        usual.positions());
  }

  private static WindowsEventOptions windows(Settings settings, AgentFiles files) {
    return new WindowsEventOptions(
        settings.list("windows.channels"),
        settings.flag("windows.from-beginning"),
        settings.smallSize("limits.max-event-bytes"),
        files.progress("windows"));
  }

  private static Collector osquery(Settings settings, AgentFiles files) {
    LogOptions usual =
        LogOptions.of(List.of(settings.text("osquery.log")), files.progress("osquery"));
    return new LogCollector(
        "osquery",
        new LogOptions(
            usual.files(),
            usual.interval(),
            usual.rotationQuiet(),
            settings.smallSize("limits.max-event-bytes"),
            false,
            1,
            usual.positions()),
        OSQUERY);
  }
}
