package dev.tidewatch.control.alert;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a subscriber is. The feed that wrote it resumes exactly, by {@code sequence}; any other
 * (after a restart, on another replica) continues from the store's {@code position}.
 *
 * @param feed the feed's instance, or {@link #NO_FEED}
 * @param sequence alerts that this feed had published
 * @param position cursor of the store's tail
 */
record FeedCursor(String feed, long sequence, String position) {
  static final String NO_FEED = "0";

  private static final Pattern TEXT =
      Pattern.compile("([0-9a-f]{1,16})\\.([0-9]{1,18})\\.([\\x21-\\x7e]{1,900})");

  static Optional<FeedCursor> parse(String text) {
    Matcher parts = TEXT.matcher(text);
    return parts.matches()
        ? Optional.of(
            new FeedCursor(parts.group(1), Long.parseLong(parts.group(2)), parts.group(3)))
        : Optional.empty();
  }

  static FeedCursor at(String position) {
    return new FeedCursor(NO_FEED, 0, position);
  }

  String text() {
    return feed + "." + sequence + "." + position;
  }
}
