package dev.tidewatch.agent.respond;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * Nonces of commands that were carried out, one line each of nonce and expiry. A nonce is on the
 * disk before its command is begun; it is forgotten long after its command expired, so that a clock
 * that jumps does not bring it back.
 */
final class NonceStore {
  private static final Duration FORGET_AFTER = Duration.ofDays(30);
  private static final int MOST = 100_000;

  private final Path file;
  private final Map<String, Instant> expiries = new HashMap<>();

  private NonceStore(Path file) {
    this.file = file;
  }

  static NonceStore open(Path file, Instant now) throws IOException {
    NonceStore store = new NonceStore(file);
    Files.createDirectories(file.toAbsolutePath().getParent());
    if (Files.exists(file)) {
      store.load(now);
    }
    return store;
  }

  private void load(Instant now) throws IOException {
    for (String line : Files.readAllLines(file)) {
      String[] columns = line.split(" ", -1);
      // A torn last line was never answered for: its command was not begun.
      if (columns.length == 3 && columns[2].equals(".")) {
        expiries.put(columns[0], Instant.ofEpochSecond(Long.parseLong(columns[1])));
      }
    }
    expiries.values().removeIf(expiry -> expiry.plus(FORGET_AFTER).isBefore(now));
    StringBuilder text = new StringBuilder();
    expiries.forEach((nonce, expiry) -> text.append(line(nonce, expiry)));
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String line(String nonce, Instant expiry) {
    return nonce + " " + expiry.getEpochSecond() + " .\n";
  }

  /**
   * Remembers a nonce.
   *
   * @return false when it was known
   * @throws IOException when it cannot be written down; the command must then not be carried out
   */
  synchronized boolean add(ByteString nonce, Instant expiry) throws IOException {
    String hex = HexFormat.of().formatHex(nonce.toByteArray());
    if (expiries.containsKey(hex)) {
      return false;
    }
    if (expiries.size() >= MOST) {
      throw new IOException(
          "more than " + MOST + " commands in " + FORGET_AFTER.toDays() + " days");
    }
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      ByteBuffer bytes = ByteBuffer.wrap(line(hex, expiry).getBytes("US-ASCII"));
      while (bytes.hasRemaining()) {
        int unused = channel.write(bytes);
      }
      channel.force(true);
    }
    expiries.put(hex, expiry);
    return true;
  }
}
