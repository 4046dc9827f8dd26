package dev.tidewatch.agent.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A configuration as read: values of known keys, checked for their form. What they mean together is
 * checked by those who use them, through {@link #problem}.
 */
public final class Settings {
  private static final int MAX_BYTES = 1 << 20;
  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*(B|KiB|MiB|GiB)?");
  private static final Pattern DURATION = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");

  private final Map<String, Value> values = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  private record Value(String text, int line) {}

  private Settings() {}

  /** Every key, as the reference page lists them. */
  public static List<Setting> known() {
    return SettingTable.all();
  }

  /** Nothing but defaults. */
  public static Settings defaults() {
    return new Settings();
  }

  /**
   * Reads a file; a missing one is as good as an empty one.
   *
   * @throws ConfigurationException with every problem of form
   */
  public static Settings read(Path file) throws IOException, ConfigurationException {
    if (!Files.exists(file)) {
      return defaults();
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new ConfigurationException(
          file.toString(), List.of(new Problem(0, "is larger than 1 MiB")));
    }
    return parse(file.toString(), Files.readString(file));
  }

  /**
   * Reads a text.
   *
   * @param name of the file, for problems
   */
  public static Settings parse(String name, String text) throws ConfigurationException {
    Settings settings = new Settings();
    String[] lines = text.split("\\R", -1);
    for (int i = 0; i < lines.length; i++) {
      settings.line(lines[i].strip(), i + 1);
    }
    settings.requireNoProblems(name);
    return settings;
  }

  private void line(String line, int number) {
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    int equals = line.indexOf('=');
    if (equals < 0) {
      problems.add(new Problem(number, "\"" + line + "\" is not of the form key = value"));
      return;
    }
    String key = line.substring(0, equals).strip();
    String value = line.substring(equals + 1).strip();
    Setting setting = SettingTable.BY_KEY.get(key);
    if (setting == null) {
      problems.add(new Problem(number, "there is no key \"" + key + "\"" + meant(key)));
      return;
    }
    Value before = values.put(key, new Value(value, number));
    if (before != null) {
      problems.add(new Problem(number, key + " stands already in line " + before.line()));
    }
    check(setting, value, number);
  }

  private void check(Setting setting, String value, int line) {
    try {
      switch (setting.kind()) {
        case FLAG -> parseFlag(value);
        case COUNT -> parseCount(value);
        case SIZE -> parseSize(value);
        case DURATION -> parseDuration(value);
        case TEXT, LIST, CHOICE -> {}
      }
    } catch (IllegalArgumentException e) {
      problems.add(
          new Problem(
              line, setting.key() + ": \"" + value + "\" is not " + setting.kind().format()));
    }
  }

  /** The nearest key, when it is near. */
  private static String meant(String key) {
    String best = "";
    int least = 4;
    for (String known : SettingTable.BY_KEY.keySet()) {
      int distance = distance(key.toLowerCase(Locale.ROOT), known);
      if (distance < least) {
        least = distance;
        best = known;
      }
    }
    return best.isEmpty() ? "" : "; is " + best + " meant?";
  }

  /** Levenshtein. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(above, row[j - 1]) + 1, diagonal + change);
        diagonal = above;
      }
    }
    return row[b.length()];
  }

  public String text(String key) {
    Value value = values.get(key);
    return value == null ? setting(key).fallback() : value.text();
  }

  private static Setting setting(String key) {
    Setting setting = SettingTable.BY_KEY.get(key);
    if (setting == null) {
      throw new IllegalArgumentException("no setting " + key);
    }
    return setting;
  }

  public boolean flag(String key) {
    return parseFlag(text(key));
  }

  public int count(String key) {
    return parseCount(text(key));
  }

  public long size(String key) {
    return parseSize(text(key));
  }

  /** A size that has to fit an {@code int}. */
  public int smallSize(String key) {
    long size = size(key);
    if (size > Integer.MAX_VALUE) {
      problem(key, "is at most 2GiB");
      return Integer.MAX_VALUE;
    }
    return (int) size;
  }

  public Duration duration(String key) {
    return parseDuration(text(key));
  }

  /** A duration that has to be longer than nothing. */
  public Duration positive(String key) {
    Duration duration = duration(key);
    if (duration.isZero()) {
      problem(key, "has to be longer than 0");
      return Duration.ofSeconds(1);
    }
    return duration;
  }

  public List<String> list(String key) {
    return Arrays.stream(text(key).split(",", -1))
        .map(String::strip)
        .filter(s -> !s.isEmpty())
        .toList();
  }

  /** A word that means something to {@code meaning}. */
  public <T> T choice(String key, Map<String, T> meaning) {
    T value = meaning.get(text(key));
    if (value == null) {
      problem(key, "\"" + text(key) + "\" is none of " + String.join(", ", meaning.keySet()));
      return meaning.values().iterator().next();
    }
    return value;
  }

  /** Elements that {@code parse} understands; those it throws for are problems. */
  public <T> List<T> list(String key, Function<String, T> parse) {
    List<T> parsed = new ArrayList<>();
    for (String element : list(key)) {
      try {
        parsed.add(parse.apply(element));
      } catch (IllegalArgumentException e) {
        problem(key, String.valueOf(e.getMessage()));
      }
    }
    return parsed;
  }

  /** Notes that a key's value does not do. */
  public void problem(String key, String message) {
    Value value = values.get(key);
    problems.add(new Problem(value == null ? 0 : value.line(), key + ": " + message));
  }

  /**
   * @param name of the file
   */
  public void requireNoProblems(String name) throws ConfigurationException {
    if (!problems.isEmpty()) {
      throw new ConfigurationException(name, problems);
    }
  }

  private static boolean parseFlag(String text) {
    return switch (text) {
      case "on", "true", "yes" -> true;
      case "off", "false", "no" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static int parseCount(String text) {
    int count = Integer.parseInt(text);
    if (count < 0) {
      throw new IllegalArgumentException(text);
    }
    return count;
  }

  private static long parseSize(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text);
    }
    long number = Long.parseLong(matcher.group(1));
    String unit = matcher.group(2);
    return unit == null
        ? number
        : switch (unit) {
          case "KiB" -> shifted(number, 10);
          case "MiB" -> shifted(number, 20);
          case "GiB" -> shifted(number, 30);
          default -> number;
        };
  }

  private static long shifted(long number, int bits) {
    if (number > Long.MAX_VALUE >> bits) {
      throw new IllegalArgumentException(number + " is too large");
    }
    return number << bits;
  }

  private static Duration parseDuration(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text);
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(Math.min(number, 36_500));
    };
  }
}
