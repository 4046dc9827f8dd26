package dev.tidewatch.agent.collect.inventory;

import dev.tidewatch.agent.collect.Collector;
import dev.tidewatch.agent.collect.Emitter;
import dev.tidewatch.agent.collect.Payload;
import dev.tidewatch.agent.collect.Sources;
import dev.tidewatch.agent.collect.UserNames;
import dev.tidewatch.agent.collect.network.DiagSockets;
import dev.tidewatch.agent.collect.network.ProcSockets;
import dev.tidewatch.agent.collect.network.Sockets;
import dev.tidewatch.events.v1.SourceHint;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** System, load, and lists of what the machine has. */
public final class InventoryCollector implements Collector {
  private static final Logger LOG = System.getLogger(InventoryCollector.class.getName());
  private static final int OCSF_LOG = 1;
  private static final int OCSF_COLLECT = 2;

  private final InventoryOptions options;
  private final MachineFacts machine;
  private final List<ItemSource> sources;
  private final ToldItems told;

  public InventoryCollector(InventoryOptions options) {
    this(options, machine(options.root()), sources(options));
  }

  InventoryCollector(InventoryOptions options, MachineFacts machine, List<ItemSource> sources) {
    this.options = options;
    this.machine = machine;
    this.sources =
        sources.stream().filter(source -> options.lists().contains(source.service())).toList();
    this.told = new ToldItems(options.memory());
  }

  private static boolean isLinux() {
    return Sources.product().equals("linux");
  }

  private static MachineFacts machine(Path root) {
    return isLinux() ? new LinuxFacts(root.resolve("proc"), root.resolve("etc")) : new OshiFacts();
  }

  private static List<ItemSource> sources(InventoryOptions options) {
    if (!isLinux()) {
      return List.of();
    }
    Path root = options.root();
    Path proc = root.resolve("proc");
    Path passwd = root.resolve("etc/passwd");
    return List.of(
        new ListeningPorts(() -> sockets(proc), proc, new UserNames(passwd)),
        new InstalledPackages(root),
        new LocalAccounts(passwd, root.resolve("etc/group")),
        new LoginSessions(root.resolve("run/utmp"), root.resolve("run/systemd/sessions")));
  }

  private static Sockets sockets(Path proc) {
    try {
      return DiagSockets.open();
    } catch (IOException e) {
      return new ProcSockets(proc);
    }
  }

  private static SourceHint service(String service) {
    return SourceHint.newBuilder().setProduct("tidewatch").setService(service).build();
  }

  @Override
  public String name() {
    return "inventory";
  }

  @Override
  public boolean canWait() {
    return true;
  }

  @Override
  public void run(Emitter emitter) throws IOException, InterruptedException {
    load();
    Due everything = new Due(options.interval());
    Due load = new Due(options.performanceInterval());
    while (true) {
      boolean all = everything.isDue();
      if (all) {
        Payload system = new Payload().put("timestamp", emitter.clock().instant().toString());
        machine.system(system);
        emitter.emit(service("inventory"), system);
      }
      if (load.isDue()) {
        Payload now = new Payload().put("timestamp", emitter.clock().instant().toString());
        machine.load(now);
        emitter.emit(service("performance"), now);
      }
      lists(all && everything.wasDueBefore(), emitter);
      Thread.sleep(options.changesInterval().toMillis());
    }
  }

  void load() throws IOException {
    Files.createDirectories(options.memory().toAbsolutePath().getParent());
    told.load();
  }

  private static final class Due {
    private final Duration interval;
    private long last;
    private int times;

    Due(Duration interval) {
      this.interval = interval;
    }

    boolean isDue() {
      long now = System.nanoTime();
      if (times > 0 && now - last < interval.toNanos()) {
        return false;
      }
      last = now;
      times++;
      return true;
    }

    boolean wasDueBefore() {
      return times > 1;
    }
  }

  /**
   * @param whole tell everything, whether it has changed or not
   */
  void lists(boolean whole, Emitter emitter) throws IOException, InterruptedException {
    for (ItemSource source : sources) {
      try {
        list(source, whole, emitter);
      } catch (IOException | RuntimeException e) {
        // One damaged database leaves the others readable.
        LOG.log(Level.WARNING, "{0} cannot be listed: {1}", source.service(), e.getMessage());
      }
    }
    emitter.flush();
    told.saveIfChanged();
  }

  private void list(ItemSource source, boolean whole, Emitter emitter)
      throws IOException, InterruptedException {
    if (whole) {
      source.forget();
    }
    Optional<List<InventoryItem>> items = source.read();
    if (items.isEmpty()) {
      return;
    }
    boolean first = !told.knows(source.service());
    told.begin(source.service());
    Set<String> present = new HashSet<>();
    for (InventoryItem item : items.get()) {
      present.add(item.key());
      Long before = told.put(source.service(), item.key(), item.hash());
      boolean same = before != null && before == item.hash();
      if (first || whole) {
        tell(source, "listed", item, emitter);
      } else if (!same) {
        tell(source, before == null ? "added" : "changed", item, emitter);
      }
    }
    for (String key : new ArrayList<>(told.removeOthers(source.service(), present))) {
      tell(source, "removed", new InventoryItem(key, Map.of()), emitter);
    }
  }

  private static void tell(ItemSource source, String action, InventoryItem item, Emitter emitter)
      throws IOException, InterruptedException {
    Payload payload =
        new Payload()
            .put("timestamp", emitter.clock().instant().toString())
            .put("Action", action)
            .put("Item", item.key())
            .put("class_uid", source.ocsfClass())
            .put("activity_id", action.equals("listed") ? OCSF_COLLECT : OCSF_LOG);
    item.fields().forEach(payload::put);
    item.volatileFields().forEach(payload::put);
    emitter.emit(service(source.service()), payload);
  }
}
