package dev.tidewatch.agent.enroll;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.codec.digest.Blake3;

/**
 * BLAKE3 over what stays the same on a machine: its id, the board's serials, the addresses of its
 * own network cards. A copy of the agent's files on other hardware has another one.
 */
public final class HardwareFingerprint {
  private HardwareFingerprint() {}

  /** 32 bytes. */
  public static ByteString of(Path root) {
    Blake3 hash = Blake3.initHash();
    update(hash, "tidewatch.fingerprint.v1");
    update(hash, text(root.resolve("etc/machine-id")));
    for (String id : new String[] {"product_uuid", "product_serial", "board_serial"}) {
      update(hash, text(root.resolve("sys/class/dmi/id").resolve(id)));
    }
    for (String address : cardAddresses(root.resolve("sys/class/net"))) {
      update(hash, address);
    }
    byte[] fingerprint = new byte[32];
    hash.doFinalize(fingerprint);
    return ByteString.copyFrom(fingerprint);
  }

  /** Length first, so that what ends one value never begins the next. */
  private static void update(Blake3 hash, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    hash.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    hash.update(bytes);
  }

  private static Set<String> cardAddresses(Path net) {
    Set<String> addresses = new TreeSet<>();
    try (DirectoryStream<Path> cards = Files.newDirectoryStream(net)) {
      for (Path card : cards) {
        // Only cards with a device behind them: bridges and containers' cards come and go.
        if (Files.exists(card.resolve("device"))) {
          addresses.add(text(card.resolve("address")));
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return addresses;
    }
    return addresses;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
