package dev.tidewatch.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/**
 * The superuser's password, generated once and kept beside the cluster in a file that only its
 * owner reads. Every connection must prove it (SCRAM-SHA-256): other users of the machine reach
 * loopback too.
 */
final class PostgresPassword {
  static final String FILE = "password";

  private static final String HBA =
      """
      # Written by Tidewatch at every start: the password is in the file `password` beside the cluster.
      local all all scram-sha-256
      host all all 127.0.0.1/32 scram-sha-256
      host all all ::1/128 scram-sha-256
      """;

  private static final String TRUSTING_HBA = "host all postgres 127.0.0.1/32 trust\n";
  private static final int BYTES = 24;

  private final Path file;
  private final Path hba;

  PostgresPassword(Path dataDirectory, Path cluster) {
    this.file = dataDirectory.resolve(FILE);
    this.hba = cluster.resolve("pg_hba.conf");
  }

  Path file() {
    return file;
  }

  /** The password; made where there is none. */
  String read() throws IOException {
    if (!Files.exists(file)) {
      byte[] random = new byte[BYTES];
      new SecureRandom().nextBytes(random);
      write(HexFormat.of().formatHex(random));
    }
    return Files.readString(file).strip();
  }

  /** Whole or not at all. */
  private void write(String password) throws IOException {
    FileAttribute<Set<PosixFilePermission>> ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Path unfinished = file.resolveSibling(FILE + ".new");
    Files.deleteIfExists(unfinished);
    Files.createFile(unfinished, ownerOnly);
    Files.write(
        unfinished,
        (password + "\n").getBytes(StandardCharsets.UTF_8),
        StandardOpenOption.TRUNCATE_EXISTING);
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Whether the cluster has to be told of the password: it is one of a version that trusted
   * loopback, or the file was lost.
   */
  boolean isUnknownToCluster() throws IOException {
    return Files.exists(hba) && !(Files.exists(file) && Files.readString(hba).equals(HBA));
  }

  /** From the next start on nobody is let in without the password. */
  void require() {
    writeHba(HBA);
  }

  /** For the moment in which the password is set. */
  void trust() {
    writeHba(TRUSTING_HBA);
  }

  private void writeHba(String text) {
    try {
      Files.writeString(hba, text);
    } catch (IOException e) {
      throw new EmbeddedServerException("cannot write " + hba, e);
    }
  }
}
