package dev.tidewatch.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import java.util.zip.CRC32;

/**
 * Where a list continues: behind the row with this time and id.
 *
 * <p>As text it is opaque: base64url of kind, fingerprint of the query, time, id and a CRC. The
 * fingerprint keeps a token from being used with another tenant or filter; the CRC tells a token
 * from anything else that is base64. Neither is a secret: a tenant's rows are protected by the
 * query itself, which always names the tenant.
 *
 * @param query what the list was asked for, see {@link #fingerprint}
 */
record PageToken(Kind kind, int query, long timeMicros, UUID id) {
  enum Kind {
    ALERTS('a'),
    EVENTS('e'),
    TAIL('t');

    private final byte code;

    Kind(char code) {
      this.code = (byte) code;
    }
  }

  private static final int SIZE = 1 + 4 + 8 + 16 + 4;

  /**
   * @param filter everything else that decides which rows the list has
   */
  static int fingerprint(String tenantId, byte[] filter) {
    CRC32 crc = new CRC32();
    crc.update(tenantId.getBytes(StandardCharsets.UTF_8));
    crc.update(0);
    crc.update(filter);
    return (int) crc.getValue();
  }

  String encode() {
    ByteBuffer buffer =
        ByteBuffer.allocate(SIZE)
            .put(kind.code)
            .putInt(query)
            .putLong(timeMicros)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits());
    buffer.putInt(checksum(buffer.array()));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(buffer.array());
  }

  /**
   * @throws InvalidPageTokenException for text that {@link #encode} did not make for this query
   */
  static PageToken decode(String text, Kind kind, int query) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes(text));
    if (buffer.capacity() != SIZE || checksum(buffer.array()) != buffer.getInt(SIZE - 4)) {
      throw new InvalidPageTokenException("not a page token of this server; start without one");
    }
    if (buffer.get() != kind.code || buffer.getInt() != query) {
      throw new InvalidPageTokenException(
          "the page token belongs to another list, tenant or filter; start without one");
    }
    return new PageToken(
        kind, query, buffer.getLong(), new UUID(buffer.getLong(), buffer.getLong()));
  }

  private static byte[] bytes(String text) {
    try {
      return Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidPageTokenException("not a page token of this server; start without one");
    }
  }

  private static int checksum(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, SIZE - 4);
    return (int) crc.getValue();
  }
}
