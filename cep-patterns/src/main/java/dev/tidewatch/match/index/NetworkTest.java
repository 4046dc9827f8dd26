package dev.tidewatch.match.index;

import dev.tidewatch.match.ValueTest;
import dev.tidewatch.match.decode.EventFields;
import dev.tidewatch.sigma.ir.Predicate;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A network: addresses from their bytes, rare spellings by the reference. */
final class NetworkTest extends FieldTest.OfValue {
  private final ValueTest reference;
  private final int family;
  private final long high;
  private final long low;
  private final long highMask;
  private final long lowMask;

  private NetworkTest(
      int field, Predicate.InNetwork in, AddressReader network, int kind, int bits) {
    super(field);
    this.reference = ValueTest.of(in);
    this.family = kind;
    int leading = kind == AddressReader.V4 ? 96 + bits : bits;
    this.highMask = mask(leading);
    this.lowMask = mask(leading - 64);
    this.high = network.high & highMask;
    this.low = network.low & lowMask;
  }

  private static long mask(int leading) {
    return leading <= 0 ? 0 : leading >= 64 ? -1L : -1L << (64 - leading);
  }

  static FieldTest of(int field, Predicate.InNetwork in) {
    int slash = in.network().indexOf('/');
    byte[] text = in.network().substring(0, slash).getBytes(StandardCharsets.UTF_8);
    int bits = Integer.parseInt(in.network().substring(slash + 1));
    AddressReader reader = new AddressReader();
    int kind = reader.read(text, 0, text.length);
    boolean plain = kind == AddressReader.V4 && bits <= 32 || kind == AddressReader.V6;
    boolean mapped = kind == AddressReader.V4 && in.network().indexOf(':') >= 0;
    return !plain || mapped
        ? new OtherTests.ByReference(field, in, List.of())
        : new NetworkTest(field, in, reader, kind, bits);
  }

  @Override
  boolean passes(EventFields<?> event, int slot, Scratch scratch) {
    if (!event.plain(slot)) {
      return false;
    }
    AddressReader address = scratch.address;
    int kind = address.read(event.buffer(), event.textAt(), event.textLength());
    if (kind == AddressReader.UNSURE) {
      return reference.passes(event.node(slot));
    }
    return kind == family && (address.high & highMask) == high && (address.low & lowMask) == low;
  }
}
