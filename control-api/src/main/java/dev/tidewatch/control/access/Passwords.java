package dev.tidewatch.control.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Passwords as Argon2id hashes in the PHC string format, {@code
 * $argon2id$v=19$m=19456,t=2,p=1$salt$hash}: the first of OWASP's recommended settings. The
 * settings stand in the hash, so that they can grow.
 */
public final class Passwords {
  /** Shortest and longest that is taken; the longest keeps hashing cheap to refuse. */
  public static final int SHORTEST = 12;

  public static final int LONGEST = 128;

  private static final int MEMORY_KIB = 19_456;
  private static final int PASSES = 2;
  private static final int HASH_BYTES = 32;

  /** Hashes at a time: each takes 19 MiB and a core. */
  private static final Semaphore HASHING =
      new Semaphore(Math.max(2, Runtime.getRuntime().availableProcessors()));

  /** Of no password: what is compared when there is no such user, so that it takes as long. */
  private static final String NOBODY = hash(Secrets.text(32));

  /** Without letters and digits that look alike. */
  private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";

  private Passwords() {}

  /** A new one for a person to type: twenty characters in groups of four, 100 random bits. */
  public static String generated() {
    byte[] random = Secrets.bytes(20);
    StringBuilder password = new StringBuilder();
    for (int i = 0; i < random.length; i++) {
      password.append(i > 0 && i % 4 == 0 ? "-" : "");
      // 32 letters: every byte is as likely as any other to give each of them.
      password.append(ALPHABET.charAt(random[i] & 31));
    }
    return password.toString();
  }

  /** The hash to keep, with a salt of its own. */
  public static String hash(String password) {
    byte[] salt = Secrets.bytes(16);
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m=%d,t=%d,p=1$%s$%s"
        .formatted(
            MEMORY_KIB,
            PASSES,
            base64.encodeToString(salt),
            base64.encodeToString(argon2(password, salt, MEMORY_KIB, PASSES)));
  }

  /** Whether {@code hash} is of {@code password}. */
  static boolean matches(String password, String hash) {
    List<String> parts = List.of(hash.split("\\$", -1));
    if (parts.size() != 6 || !parts.get(1).equals("argon2id")) {
      throw new IllegalStateException("a stored password hash is not of a kind that is known");
    }
    int memory = setting(parts.get(3), "m");
    int passes = setting(parts.get(3), "t");
    byte[] salt = Base64.getDecoder().decode(parts.get(4));
    byte[] expected = Base64.getDecoder().decode(parts.get(5));
    return MessageDigest.isEqual(expected, argon2(password, salt, memory, passes));
  }

  /** Takes as long as {@link #matches}, and never does. */
  static void matchesNobody(String password) {
    boolean unused = matches(password, NOBODY);
  }

  private static int setting(String settings, String name) {
    for (String setting : settings.split(",", -1)) {
      if (setting.startsWith(name + "=")) {
        return Integer.parseInt(setting.substring(2));
      }
    }
    throw new IllegalStateException("a stored password hash lacks its setting " + name);
  }

  private static byte[] argon2(String password, byte[] salt, int memoryKib, int passes) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(memoryKib)
            .withIterations(passes)
            .withParallelism(1)
            .withSalt(salt)
            .build());
    byte[] hash = new byte[HASH_BYTES];
    HASHING.acquireUninterruptibly();
    try {
      generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
    } finally {
      HASHING.release();
    }
    return hash;
  }
}
