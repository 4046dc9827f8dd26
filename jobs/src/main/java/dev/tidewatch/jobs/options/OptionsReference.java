package dev.tidewatch.jobs.options;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.configuration.MemorySize;
import org.jspecify.annotations.Nullable;

/** The reference page of {@link DetectionOptions}, written from their declarations. */
final class OptionsReference {
  private OptionsReference() {}

  /** The page in Markdown. */
  static String markdown() {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Options of the detection job

        <!-- Written from DetectionOptions.java by OptionsReferenceTest; change it there. -->

        Keys of `config.yaml`, or arguments of the job as `--key value`. All of them are checked at
        start; one that is wrong, missing or unknown is named. Durations are written `200 ms`, `10 s`,
        `5 min`; sizes `8 mb`.

        | key | value | default | |
        |---|---|---|---|
        """);
    for (OptionCatalog.Entry<?> entry : DetectionOptions.CATALOG.entries()) {
      page.append(row(entry)).append('\n');
    }
    return page.toString();
  }

  private static String row(OptionCatalog.Entry<?> entry) {
    return "| `%s` | %s | %s | %s |"
        .formatted(
            entry.option().key(),
            entry.type(),
            entry.required() ? "must be given" : value(entry.option().defaultValue()),
            entry.description().replace("|", "\\|"));
  }

  private static String value(@Nullable Object value) {
    String text = text(value);
    return text.isEmpty() ? "–" : "`" + text + "`";
  }

  private static String text(@Nullable Object value) {
    if (value == null || value instanceof Map<?, ?> map && map.isEmpty()) {
      return "";
    } else if (value instanceof Duration duration) {
      return duration(duration);
    } else if (value instanceof MemorySize size) {
      return size.toHumanReadableString().replaceAll(" \\(.*", "").replaceAll("\\.0+(?=\\D)", "");
    } else if (value instanceof List<?> list) {
      return String.join(";", list.stream().map(String::valueOf).toList());
    } else if (value instanceof Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT);
    }
    return value.toString();
  }

  private static String duration(Duration duration) {
    if (duration.toMillisPart() != 0) {
      return duration.toMillis() + " ms";
    }
    return duration.toSecondsPart() != 0 || duration.isZero()
        ? duration.toSeconds() + " s"
        : duration.toMinutes() + " min";
  }
}
