package dev.tidewatch.agent.collect.inventory;

import dev.tidewatch.agent.collect.Collector;
import dev.tidewatch.agent.collect.Emitter;
import dev.tidewatch.agent.collect.Payload;
import dev.tidewatch.events.v1.SourceHint;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import oshi.hardware.GlobalMemory;
import oshi.hardware.NetworkIF;
import oshi.software.os.OSFileStore;
import oshi.software.os.OSSession;
import oshi.software.os.OperatingSystem;

/** System, addresses, disks, sessions and load. */
public final class InventoryCollector implements Collector {
  private static final SourceHint INVENTORY = service("inventory");
  private static final SourceHint PERFORMANCE = service("performance");

  private final Duration inventoryInterval;
  private final Duration performanceInterval;

  public InventoryCollector(Duration inventoryInterval, Duration performanceInterval) {
    this.inventoryInterval = inventoryInterval;
    this.performanceInterval = performanceInterval;
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
    long inventoryAt = System.nanoTime() - inventoryInterval.toNanos();
    while (true) {
      // Not kept between looks: what OSHI remembers is most of what it costs.
      SystemInfo system = new SystemInfo();
      if (System.nanoTime() - inventoryAt >= inventoryInterval.toNanos()) {
        emitter.emit(INVENTORY, inventory(system, emitter));
        inventoryAt = System.nanoTime();
      }
      emitter.emit(PERFORMANCE, performance(system, emitter));
      Thread.sleep(performanceInterval.toMillis());
    }
  }

  private static Payload inventory(SystemInfo system, Emitter emitter) {
    OperatingSystem os = system.getOperatingSystem();
    CentralProcessor processor = system.getHardware().getProcessor();
    return new Payload()
        .put("timestamp", emitter.clock().instant().toString())
        .put("os_family", os.getFamily())
        .put("os_version", os.getVersionInfo().toString())
        .put("host_name", os.getNetworkParams().getHostName())
        .put("boot_time", java.time.Instant.ofEpochSecond(os.getSystemBootTime()).toString())
        .put("cpu", processor.getProcessorIdentifier().getName())
        .put("logical_cpus", processor.getLogicalProcessorCount())
        .put("memory_bytes", system.getHardware().getMemory().getTotal())
        .put("addresses", addresses(system))
        .put("sessions", sessions(os))
        .put("disks", disks(os));
  }

  private static Payload performance(SystemInfo system, Emitter emitter) {
    CentralProcessor processor = system.getHardware().getProcessor();
    GlobalMemory memory = system.getHardware().getMemory();
    double[] load = processor.getSystemLoadAverage(3);
    return new Payload()
        .put("timestamp", emitter.clock().instant().toString())
        .put("load_1m", load[0])
        .put("load_5m", load[1])
        .put("load_15m", load[2])
        .put("memory_available_bytes", memory.getAvailable())
        .put("memory_bytes", memory.getTotal())
        .put("processes", system.getOperatingSystem().getProcessCount());
  }

  private static List<String> addresses(SystemInfo system) {
    List<String> addresses = new ArrayList<>();
    for (NetworkIF network : system.getHardware().getNetworkIFs()) {
      for (String address : network.getIPv4addr()) {
        addresses.add(network.getName() + " " + address);
      }
      for (String address : network.getIPv6addr()) {
        addresses.add(network.getName() + " " + address);
      }
    }
    return addresses;
  }

  private static List<String> sessions(OperatingSystem os) {
    return os.getSessions().stream().map(OSSession::getUserName).distinct().toList();
  }

  private static List<String> disks(OperatingSystem os) {
    List<String> disks = new ArrayList<>();
    for (OSFileStore store : os.getFileSystem().getFileStores(true)) {
      disks.add(store.getMount() + " " + store.getUsableSpace() + "/" + store.getTotalSpace());
    }
    return disks;
  }
}
