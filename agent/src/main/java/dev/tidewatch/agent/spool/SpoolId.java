package dev.tidewatch.agent.spool;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Which spool the sequence numbers belong to: 16 random bytes.
 *
 * <p>A power cut can take records that were sent already but not forced to the disk; their numbers
 * would be given to others, and the gateway, which has seen them, would throw those away. So after
 * a start of the machine without a clean end before it, the spool goes on under a new id. The file
 * holds the id (16), the machine's boot id (16) and whether the spool is open (1), overwritten in
 * place.
 */
final class SpoolId implements AutoCloseable {
  private static final int BYTES = 16;
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private final RandomAccessFile file;
  private final byte[] id;
  private final byte[] boot;

  private SpoolId(RandomAccessFile file, byte[] id, byte[] boot) {
    this.file = file;
    this.id = id;
    this.boot = boot;
  }

  /**
   * @param fresh numbers may come again for another reason: go on under a new id
   */
  static SpoolId open(Path path, boolean fresh) throws IOException {
    return open(path, bootId(), fresh);
  }

  static SpoolId open(Path path, byte[] boot, boolean fresh) throws IOException {
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
    byte[] stored = new byte[2 * BYTES + 1];
    boolean whole = file.read(stored) == stored.length;
    boolean sameBoot = Arrays.equals(stored, BYTES, 2 * BYTES, boot, 0, BYTES);
    boolean clean = stored[2 * BYTES] == 0;
    byte[] id = Arrays.copyOf(stored, BYTES);
    if (fresh || !whole || (!sameBoot && !clean)) {
      new SecureRandom().nextBytes(id);
    }
    SpoolId opened = new SpoolId(file, id, boot);
    opened.write(true);
    return opened;
  }

  private static byte[] bootId() throws IOException {
    byte[] boot = new byte[BYTES];
    if (Files.isReadable(BOOT_ID)) {
      byte[] text = Files.readString(BOOT_ID).replace("-", "").strip().getBytes("US-ASCII");
      for (int i = 0; i < BYTES && 2 * i + 1 < text.length; i++) {
        boot[i] =
            (byte) (Character.digit(text[2 * i], 16) << 4 | Character.digit(text[2 * i + 1], 16));
      }
    } else {
      // No boot id: as if every start were one of the machine.
      new SecureRandom().nextBytes(boot);
    }
    return boot;
  }

  private void write(boolean open) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(2 * BYTES + 1);
    file.seek(0);
    file.write(bytes.put(id).put(boot).put((byte) (open ? 1 : 0)).array());
    file.getFD().sync();
  }

  ByteString bytes() {
    return ByteString.copyFrom(id);
  }

  /** A clean end. */
  @Override
  public void close() throws IOException {
    write(false);
    file.close();
  }
}
