package dev.tidewatch.sigma.parse;

import static dev.tidewatch.diagnostic.DiagnosticCode.BAD_CIDR;
import static dev.tidewatch.diagnostic.DiagnosticCode.CIDR_HOST_BITS;

import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Place;
import inet.ipaddr.AddressStringException;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import java.util.Optional;

/** Values of {@code cidr} (row 15): {@code 10.0.0.0/8}, {@code fe80::/10}, or one address. */
final class Networks {
  private static final IPAddressStringParameters STRICT =
      new IPAddressStringParameters.Builder()
          .allowEmpty(false)
          .allowAll(false)
          .allowSingleSegment(false)
          .allowMask(false)
          .allowWildcardedSeparator(false)
          .getIPv4AddressParametersBuilder()
          .allow_inet_aton(false)
          .setRangeOptions(inet.ipaddr.AddressStringParameters.RangeParameters.NO_RANGE)
          .getParentBuilder()
          .getIPv6AddressParametersBuilder()
          .allowBase85(false)
          .allowZone(false)
          .setRangeOptions(inet.ipaddr.AddressStringParameters.RangeParameters.NO_RANGE)
          .getParentBuilder()
          .toParams();

  private Networks() {}

  /** Address and prefix in their shortest form; an IPv4-mapped IPv6 network as IPv4. */
  static Optional<String> parse(String text, Place place, Diagnostics diagnostics) {
    try {
      IPAddress address = new IPAddressString(text, STRICT).toAddress();
      boolean single = address.getNetworkPrefixLength() == null;
      IPAddress network =
          single ? address.toPrefixBlock(address.getBitCount()) : address.toPrefixBlock();
      if (!first(address).equals(first(network))) {
        diagnostics.add(
            CIDR_HOST_BITS,
            place,
            "'" + text + "' has bits set beyond its prefix",
            "write " + network.toCanonicalString());
      }
      return Optional.of(canonical(network));
    } catch (AddressStringException | RuntimeException e) {
      diagnostics.add(
          BAD_CIDR,
          place,
          "'" + text + "' is no network",
          "write an address and a prefix length: 10.0.0.0/8, fe80::/10");
      return Optional.empty();
    }
  }

  private static IPAddress first(IPAddress network) {
    return network.getLower().withoutPrefixLength();
  }

  private static String canonical(IPAddress network) {
    boolean mapped =
        network.isIPv6()
            && network.toIPv6().isIPv4Mapped()
            && network.getNetworkPrefixLength() != null
            && network.getNetworkPrefixLength() >= 96;
    if (!mapped) {
      return network.toCanonicalString();
    }
    IPAddress v4 = network.toIPv6().getLower().toIPv6().getEmbeddedIPv4Address();
    int prefix = network.getNetworkPrefixLength() - 96;
    return v4.withoutPrefixLength().toCanonicalString() + "/" + prefix;
  }
}
