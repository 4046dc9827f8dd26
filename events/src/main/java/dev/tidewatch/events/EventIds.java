package dev.tidewatch.events;

import com.github.f4b6a3.uuid.UuidCreator;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.UUID;

/** Event ids: UUIDv7, as 16 bytes in {@code TelemetryEvent}. */
public final class EventIds {
  private EventIds() {}

  public static UUID next() {
    return UuidCreator.getTimeOrderedEpoch();
  }

  public static ByteString bytes(UUID id) {
    ByteBuffer buffer = ByteBuffer.allocate(16);
    buffer.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()).flip();
    return ByteString.copyFrom(buffer);
  }

  /**
   * @throws IllegalArgumentException when {@code bytes} are not 16
   */
  public static UUID uuid(ByteString bytes) {
    if (bytes.size() != 16) {
      throw new IllegalArgumentException("an event id has 16 bytes, not " + bytes.size());
    }
    ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
    return new UUID(buffer.getLong(), buffer.getLong());
  }
}
