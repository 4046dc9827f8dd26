package dev.tidewatch.attack;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What tags of the namespace {@code attack} mean, and the names of techniques. */
public final class Attack {
  private static final String PREFIX = "attack.";
  private static final Pattern TECHNIQUE_TAG =
      Pattern.compile("attack\\.t[0-9]{4}(\\.[0-9]{3})?", Pattern.CASE_INSENSITIVE);

  private Attack() {}

  /** The technique id of a tag: {@code attack.t1059.001} is {@code T1059.001}. */
  public static Optional<String> techniqueId(String tag) {
    return TECHNIQUE_TAG.matcher(tag).matches()
        ? Optional.of(tag.substring(PREFIX.length()).toUpperCase(Locale.ROOT))
        : Optional.empty();
  }

  /** The tactic of a tag: {@code attack.credential-access}, {@code attack.credential_access}. */
  public static Optional<Tactic> tactic(String tag) {
    String lower = tag.toLowerCase(Locale.ROOT);
    return lower.startsWith(PREFIX)
        ? Tactic.named(lower.substring(PREFIX.length()))
        : Optional.empty();
  }

  /** A technique of ATT&CK Enterprise v18.1 by id; revoked ones included. */
  public static Optional<Technique> technique(String id) {
    return Optional.ofNullable(Names.TECHNIQUES.get(id));
  }

  /** All techniques, in the order of their ids. */
  public static List<Technique> techniques() {
    return List.copyOf(Names.TECHNIQUES.values());
  }

  /** Read on first use. */
  private static final class Names {
    private static final Map<String, Technique> TECHNIQUES = read();

    private static Map<String, Technique> read() {
      Map<String, Technique> techniques = new LinkedHashMap<>();
      try (InputStream in = Attack.class.getResourceAsStream("attack-techniques.tsv")) {
        if (in == null) {
          throw new IllegalStateException("attack-techniques.tsv is missing from the jar");
        }
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        reader
            .lines()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.split("\t", -1))
            .forEach(c -> techniques.put(c[0], new Technique(c[0], c[1], tactics(c[2]))));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return techniques;
    }

    private static List<String> tactics(String column) {
      return column.isEmpty() ? List.of() : List.of(column.split(",", -1));
    }
  }
}
