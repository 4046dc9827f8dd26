package dev.tidewatch.match.index;

import dev.tidewatch.match.ValueTest;
import dev.tidewatch.match.decode.EventFields;
import dev.tidewatch.sigma.ir.Predicate;

/** An IPv4 network: dotted addresses from their bytes, everything else by the reference. */
final class NetworkTest extends FieldTest.OfValue {
  private static final int SHORTEST = 7;
  private static final int LONGEST = 15;
  private static final long NONE = -1;

  private final ValueTest reference;
  private final long network;
  private final int unused;

  private NetworkTest(int field, Predicate.InNetwork in, long network, int bits) {
    super(field);
    this.reference = ValueTest.of(in);
    this.network = network;
    this.unused = 32 - bits;
  }

  static FieldTest of(int field, Predicate.InNetwork in) {
    int slash = in.network().indexOf('/');
    byte[] text =
        in.network().substring(0, slash).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    int bits = Integer.parseInt(in.network().substring(slash + 1));
    long network = address(text, 0, text.length);
    return network == NONE || bits > 32
        ? new OtherTests.ByReference(field, in, java.util.List.of())
        : new NetworkTest(field, in, network, bits);
  }

  @Override
  boolean passes(EventFields<?> event, int slot, Scratch scratch) {
    if (!event.plain(slot)) {
      return false;
    }
    long address = address(event.buffer(), event.textAt(), event.textLength());
    return address == NONE
        ? hasColon(event) && reference.passes(event.node(slot))
        : address >>> unused == network >>> unused;
  }

  private static boolean hasColon(EventFields<?> event) {
    for (int i = 0; i < event.textLength(); i++) {
      if (event.buffer()[event.textAt() + i] == ':') {
        return true;
      }
    }
    return false;
  }

  /** Four decimal numbers without leading zeros; {@link #NONE} for any other text. */
  private static long address(byte[] b, int at, int length) {
    if (length < SHORTEST || length > LONGEST) {
      return NONE;
    }
    long address = 0;
    int parts = 0;
    int value = -1;
    for (int i = at; i < at + length; i++) {
      byte c = b[i];
      if (c == '.') {
        if (value < 0) {
          return NONE;
        }
        address = address << 8 | value;
        parts++;
        value = -1;
      } else if (c < '0' || c > '9' || value == 0) {
        return NONE;
      } else {
        value = Math.max(value, 0) * 10 + c - '0';
        if (value > 255) {
          return NONE;
        }
      }
    }
    return parts == 3 && value >= 0 ? address << 8 | value : NONE;
  }
}
