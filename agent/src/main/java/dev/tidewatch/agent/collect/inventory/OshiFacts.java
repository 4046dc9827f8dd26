package dev.tidewatch.agent.collect.inventory;

import dev.tidewatch.agent.collect.Payload;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import oshi.hardware.GlobalMemory;
import oshi.software.os.OSFileStore;
import oshi.software.os.OSSession;
import oshi.software.os.OperatingSystem;

/** Through OSHI, where there is no {@code /proc}. */
final class OshiFacts implements MachineFacts {
  @Override
  public void system(Payload payload) throws IOException {
    // Not kept between looks: what OSHI remembers is most of what it costs.
    SystemInfo system = new SystemInfo();
    OperatingSystem os = system.getOperatingSystem();
    List<String> disks = new ArrayList<>();
    for (OSFileStore store : os.getFileSystem().getFileStores(true)) {
      disks.add(store.getMount() + " " + store.getUsableSpace() + "/" + store.getTotalSpace());
    }
    payload
        .put("os_family", os.getFamily())
        .put("os_version", os.getVersionInfo().toString())
        .put("host_name", os.getNetworkParams().getHostName())
        .put("boot_time", Instant.ofEpochSecond(os.getSystemBootTime()).toString())
        .put("cpu", system.getHardware().getProcessor().getProcessorIdentifier().getName())
        .put("logical_cpus", system.getHardware().getProcessor().getLogicalProcessorCount())
        .put("memory_bytes", system.getHardware().getMemory().getTotal())
        .put("addresses", MachineFacts.addresses())
        .put("sessions", os.getSessions().stream().map(OSSession::getUserName).distinct().toList())
        .put("disks", disks);
  }

  @Override
  public void load(Payload payload) {
    SystemInfo system = new SystemInfo();
    CentralProcessor processor = system.getHardware().getProcessor();
    GlobalMemory memory = system.getHardware().getMemory();
    double[] load = processor.getSystemLoadAverage(3);
    payload
        .put("load_1m", load[0])
        .put("load_5m", load[1])
        .put("load_15m", load[2])
        .put("memory_available_bytes", memory.getAvailable())
        .put("memory_bytes", memory.getTotal())
        .put("processes", system.getOperatingSystem().getProcessCount());
  }
}
