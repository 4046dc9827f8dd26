package dev.tidewatch.control.rule;

import dev.tidewatch.control.v1.Rule;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** A rule's place in the list: by title, whatever its case, then by id. */
record ListPlace(String title, String id) implements Comparable<ListPlace> {
  private static final Comparator<ListPlace> ORDER =
      Comparator.comparing(ListPlace::title).thenComparing(ListPlace::id);

  static ListPlace of(Rule rule) {
    return new ListPlace(rule.getTitle().toLowerCase(Locale.ROOT), rule.getRuleId());
  }

  String token() {
    byte[] text = (title + '\0' + id).getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
  }

  /** Empty when {@code token} is not of {@link #token}. */
  static Optional<ListPlace> parse(String token) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      int end = text.indexOf('\0');
      return end < 0
          ? Optional.empty()
          : Optional.of(new ListPlace(text.substring(0, end), text.substring(end + 1)));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  @Override
  public int compareTo(ListPlace other) {
    return ORDER.compare(this, other);
  }
}
