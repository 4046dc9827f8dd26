package dev.tidewatch.agent.collect.inventory;

import dev.tidewatch.agent.collect.Payload;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.FileStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What the machine is, and its load. */
interface MachineFacts {
  /** Adds family, version and name of the system, time of its start, processor and memory. */
  void system(Payload payload) throws IOException;

  /** Adds load, free memory, number of processes. */
  void load(Payload payload) throws IOException;

  /** Of network cards that are up. */
  static List<String> addresses() throws IOException {
    List<String> addresses = new ArrayList<>();
    for (NetworkInterface card : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      for (InetAddress address : Collections.list(card.getInetAddresses())) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        addresses.add(card.getName() + " " + (zone < 0 ? text : text.substring(0, zone)));
      }
    }
    return addresses;
  }

  /** {@code mount usable/total} of a file store. */
  static String disk(String mount, FileStore store) throws IOException {
    return mount + " " + store.getUsableSpace() + "/" + store.getTotalSpace();
  }
}
