package dev.tidewatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Base64;
import java.util.UUID;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class PageTokenPropertyTest {
  @Property(tries = 200)
  void tokenComesBack(
      @ForAll PageToken.Kind kind,
      @ForAll int query,
      @ForAll long micros,
      @ForAll long high,
      @ForAll long low) {
    PageToken token = new PageToken(kind, query, micros, new UUID(high, low));
    assertThat(PageToken.decode(token.encode(), kind, query)).isEqualTo(token);
    assertThat(token.encode()).matches("[A-Za-z0-9_-]+");
  }

  @Property(tries = 500)
  void anythingElseIsRefused(@ForAll String text) {
    refused(text, 1);
  }

  @Property(tries = 500)
  void anyBytesAreRefused(@ForAll byte[] bytes) {
    refused(Base64.getUrlEncoder().encodeToString(bytes), 1);
  }

  @Property(tries = 200)
  void tokenWithAFlippedBitIsRefused(@ForAll long micros, @ForAll int bit) {
    byte[] bytes =
        Base64.getUrlDecoder()
            .decode(new PageToken(PageToken.Kind.ALERTS, 1, micros, new UUID(1, 2)).encode());
    int at = Math.floorMod(bit, bytes.length * 8);
    bytes[at / 8] ^= (byte) (1 << at % 8);
    refused(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes), 1);
  }

  @Property(tries = 100)
  void tokenOfAnotherQueryIsRefused(@ForAll int query) {
    Assume.that(query != 1);
    refused(new PageToken(PageToken.Kind.ALERTS, query, 5, new UUID(1, 2)).encode(), 1);
    refused(new PageToken(PageToken.Kind.EVENTS, 1, 5, new UUID(1, 2)).encode(), 1);
  }

  private static void refused(String text, int query) {
    assertThatExceptionOfType(InvalidPageTokenException.class)
        .isThrownBy(() -> PageToken.decode(text, PageToken.Kind.ALERTS, query));
  }
}
