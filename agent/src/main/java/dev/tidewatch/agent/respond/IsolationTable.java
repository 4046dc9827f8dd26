package dev.tidewatch.agent.respond;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The table of nftables that cuts a machine off, as a script for {@code nft -f}. */
final class IsolationTable {
  private static final String NAME = "tidewatch_isolation";

  /** Made first, so that there is one to delete. */
  static final String REMOVAL = "table inet " + NAME + "\ndelete table inet " + NAME + "\n";

  /** Behind a link's own address stands the link, after a percent sign. */
  private static final Pattern NAME_SERVER =
      Pattern.compile("nameserver\\s+([^\\s%]+)(?:%.*)?\\s*");

  /** The second is where systemd-resolved, of which the first shows its stub only, asks. */
  private static final List<Path> RESOLVERS =
      List.of(Path.of("/etc/resolv.conf"), Path.of("/run/systemd/resolve/resolv.conf"));

  /** What ARP is for IPv4, which this table does not see: without it nobody is found. */
  private static final String NEIGHBOURS =
      rule(
          "icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit,"
              + " nd-neighbor-advert } accept");

  private static final Pattern NETWORK =
      Pattern.compile("([0-9.]{7,15}|[0-9a-fA-F:.]{2,45})(?:/(\\d{1,3}))?");

  private IsolationTable() {}

  /**
   * The table, in one transaction with the deletion of an older one.
   *
   * @param endpoint host:port of the gateway
   * @param allowed networks, as {@link #network} gives them
   */
  static String script(String endpoint, Set<String> allowed) throws Refused {
    int colon = endpoint.lastIndexOf(':');
    String host = endpoint.substring(0, colon).replaceAll("[\\[\\]]", "");
    int port = Integer.parseInt(endpoint.substring(colon + 1));
    StringBuilder out = new StringBuilder();
    StringBuilder in = new StringBuilder();
    for (String address : resolve(host)) {
      String family = address.contains(":") ? "ip6" : "ip";
      out.append(rule("%s daddr %s tcp dport %d accept".formatted(family, address, port)));
      in.append(
          rule(
              "%s saddr %s tcp sport %d ct state established accept"
                  .formatted(family, address, port)));
    }
    if (!isAddress(host)) {
      // Its name has to be found again after the address has changed.
      for (String server : nameServers(RESOLVERS)) {
        String family = server.contains(":") ? "ip6" : "ip";
        for (String protocol : List.of("udp", "tcp")) {
          out.append(rule("%s daddr %s %s dport 53 accept".formatted(family, server, protocol)));
          in.append(rule("%s saddr %s %s sport 53 accept".formatted(family, server, protocol)));
        }
      }
    }
    for (String network : allowed) {
      String family = network.contains(":") ? "ip6" : "ip";
      out.append(rule("%s daddr %s accept".formatted(family, network)));
      in.append(rule("%s saddr %s accept".formatted(family, network)));
    }
    return REMOVAL
        + "table inet "
        + NAME
        + " {\n"
        + chain("out", "output", rule("oifname \"lo\" accept") + NEIGHBOURS + out)
        + chain("in", "input", rule("iifname \"lo\" accept") + NEIGHBOURS + in)
        + chain("through", "forward", "")
        + "}\n";
  }

  private static String chain(String name, String hook, String rules) {
    return "  chain "
        + name
        + " {\n    type filter hook "
        + hook
        + " priority -300; policy drop;\n"
        + rules
        + "  }\n";
  }

  private static String rule(String text) {
    return "    " + text + "\n";
  }

  /** What becomes part of a script has exactly this form. */
  static String network(String text) throws Refused {
    Matcher matcher = NETWORK.matcher(text);
    if (matcher.matches()) {
      try {
        InetAddress address = InetAddress.getByName(matcher.group(1));
        int bits = address instanceof Inet4Address ? 32 : 128;
        String prefix = matcher.group(2);
        if (prefix == null || Integer.parseInt(prefix) <= bits) {
          return address.getHostAddress() + (prefix == null ? "" : "/" + prefix);
        }
      } catch (UnknownHostException e) {
        throw Refused.because("malformed", "\"" + text + "\" is no address and no network");
      }
    }
    throw Refused.because("malformed", "\"" + text + "\" is no address and no network");
  }

  private static boolean isAddress(String host) {
    return NETWORK.matcher(host).matches();
  }

  private static List<String> resolve(String host) throws Refused {
    try {
      List<String> addresses = new ArrayList<>();
      for (InetAddress address : InetAddress.getAllByName(host)) {
        addresses.add(address.getHostAddress());
      }
      return addresses;
    } catch (UnknownHostException e) {
      throw Refused.failed(
          "not-found", "the gateway " + host + " has no address: it would be cut off");
    }
  }

  /** Addresses of name servers; what cannot be read or understood names none. */
  static Set<String> nameServers(List<Path> files) {
    Set<String> servers = new TreeSet<>();
    for (Path file : files) {
      try {
        for (String line : Files.readAllLines(file)) {
          nameServer(line).ifPresent(servers::add);
        }
      } catch (IOException e) {
        continue;
      }
    }
    return servers;
  }

  private static Optional<String> nameServer(String line) {
    Matcher matcher = NAME_SERVER.matcher(line);
    try {
      return matcher.matches() ? Optional.of(network(matcher.group(1))) : Optional.empty();
    } catch (Refused e) {
      return Optional.empty();
    }
  }
}
