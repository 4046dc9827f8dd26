package dev.tidewatch.jobs.match;

import dev.tidewatch.sigma.RuleSource;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Rule files as text, to be shipped with an operator and compiled where it runs: compiled rules are
 * large and their form changes, text does neither.
 */
public final class RuleTexts implements Serializable {
  private static final long serialVersionUID = 1L;
  private final String[] files;
  private final String[] texts;
  private final String hash;

  private RuleTexts(String[] files, String[] texts) {
    this.files = files;
    this.texts = texts;
    this.hash = hash(files, texts);
  }

  public static RuleTexts of(List<RuleSource> sources) {
    return new RuleTexts(
        sources.stream().map(RuleSource::file).toArray(String[]::new),
        sources.stream().map(RuleSource::text).toArray(String[]::new));
  }

  public List<RuleSource> sources() {
    List<RuleSource> sources = new ArrayList<>(files.length);
    for (int i = 0; i < files.length; i++) {
      sources.add(new RuleSource(files[i], texts[i]));
    }
    return sources;
  }

  /** SHA-256 over names and texts, in hex: the same rules have the same hash. */
  public String hash() {
    return hash;
  }

  private static String hash(String[] files, String[] texts) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
    for (int i = 0; i < files.length; i++) {
      digest.update(files[i].getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      digest.update(texts[i].getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
