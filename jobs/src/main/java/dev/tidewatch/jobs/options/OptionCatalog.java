package dev.tidewatch.jobs.options;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;

/** Declared options with what each must satisfy, so that they are checked and documented alike. */
final class OptionCatalog {
  /** All keys of Tidewatch begin with this; one that is not declared is an error. */
  static final String PREFIX = "tidewatch.";

  /**
   * One option.
   *
   * @param type what a value looks like, for the reference page
   * @param required whether it must be given
   * @param requirement what {@code valid} asks for, to follow "must "
   */
  record Entry<T>(
      ConfigOption<T> option,
      String description,
      String type,
      boolean required,
      Predicate<T> valid,
      String requirement) {
    void check(Configuration configuration, List<String> problems) {
      try {
        T value = configuration.getOptional(option).orElse(option.defaultValue());
        if (value == null) {
          if (required) {
            problems.add(option.key() + ": must be given: " + description);
          }
        } else if (!valid.test(value)) {
          problems.add("%s: must %s, not '%s'".formatted(option.key(), requirement, value));
        }
      } catch (IllegalArgumentException e) {
        problems.add("%s: is not a %s: %s".formatted(option.key(), type, rootMessage(e)));
      }
    }

    private static String rootMessage(Throwable failure) {
      Throwable cause = failure;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      return String.valueOf(cause.getMessage());
    }
  }

  private final Map<String, Entry<?>> entries = new LinkedHashMap<>();

  /** Adds an option and returns it. */
  <T> ConfigOption<T> add(
      String type, ConfigOption<T> option, String description, Predicate<T> valid, String must) {
    entries.put(option.key(), new Entry<>(option, description, type, false, valid, must));
    return option.withDescription(description);
  }

  /** Adds an option that must be given. */
  <T> ConfigOption<T> addRequired(
      String type, ConfigOption<T> option, String description, Predicate<T> valid, String must) {
    entries.put(option.key(), new Entry<>(option, description, type, true, valid, must));
    return option.withDescription(description);
  }

  List<Entry<?>> entries() {
    return List.copyOf(entries.values());
  }

  /** Everything wrong with the {@code tidewatch.*} keys of {@code configuration}. */
  List<String> problems(Configuration configuration) {
    List<String> problems = new ArrayList<>();
    entries.values().forEach(entry -> entry.check(configuration, problems));
    configuration.keySet().stream()
        .filter(key -> key.startsWith(PREFIX) && !isDeclared(key))
        .sorted()
        .forEach(key -> problems.add(key + ": there is no such option"));
    return problems;
  }

  private boolean isDeclared(String key) {
    return entries.containsKey(key)
        || entries.values().stream()
            .anyMatch(entry -> entry.type().equals(MAP) && key.startsWith(keyPrefix(entry)));
  }

  private static String keyPrefix(Entry<?> entry) {
    return entry.option().key() + ".";
  }

  static final String MAP = "map";

  static Predicate<String> notBlank() {
    return value -> !value.isBlank();
  }

  static Predicate<Integer> within(int least, int most) {
    return value -> value >= least && value <= most;
  }

  static Predicate<Duration> within(Duration least, Duration most) {
    return value -> value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
  }

  static Predicate<MemorySize> within(MemorySize least, MemorySize most) {
    return value -> value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
  }
}
