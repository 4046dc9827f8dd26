package dev.tidewatch.agent.respond;

import dev.tidewatch.ingest.v1.Command;
import dev.tidewatch.ingest.v1.IsolateNetwork;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts the machine off with one table of nftables: loopback, the gateway, and what the command
 * lists stay. Releasing is deleting that table; nobody else's rules are touched. That it is
 * isolated is kept in a file, so that a restart of the machine does not release it.
 */
public final class NetworkIsolation {
  private static final String TABLE = "tidewatch_isolation";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int MAX_ALLOWED = 256;
  private static final int MAX_OUTPUT = 64 << 10;

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

  private final Path nft;
  private final Path state;
  private final String endpoint;
  private final InstantSource clock;

  /**
   * @param state file that says until when it is isolated, and what stays reachable
   * @param endpoint host:port of the gateway
   */
  public NetworkIsolation(Path nft, Path state, String endpoint, InstantSource clock) {
    this.nft = nft;
    this.state = state;
    this.endpoint = endpoint;
    this.clock = clock;
  }

  Outcome isolate(Command command) throws Refused, IOException, InterruptedException {
    IsolateNetwork isolate = command.getIsolateNetwork();
    Set<String> allowed = new TreeSet<>();
    for (String network : isolate.getAllowedList()) {
      allowed.add(network(network));
    }
    if (allowed.size() > MAX_ALLOWED) {
      throw Refused.because("too-large", "at most " + MAX_ALLOWED + " networks stay reachable");
    }
    String script = script(endpoint, allowed);
    requireNft();
    if (command.getDryRun()) {
      String unused = nft("--check", script);
      return Outcome.of("would isolate; the gateway " + endpoint + " stays reachable");
    }
    long until =
        isolate.getReleaseAfterMs() == 0 ? 0 : clock.millis() + isolate.getReleaseAfterMs();
    // Noted first: a crash between leaves a note that is made true at the next start.
    Files.writeString(state, until + "\n" + String.join("\n", allowed));
    try {
      String unused = nft("", script);
    } catch (Refused | IOException e) {
      Files.deleteIfExists(state);
      throw e;
    }
    return Outcome.of(
        "isolated; the gateway "
            + endpoint
            + " stays reachable"
            + (until == 0 ? "" : ", until " + Instant.ofEpochMilli(until)));
  }

  Outcome release(Command command) throws Refused, IOException, InterruptedException {
    requireNft();
    if (command.getDryRun()) {
      return Outcome.of(isIsolated() ? "would release" : "is not isolated");
    }
    boolean was = isIsolated();
    release();
    return Outcome.of(was ? "released" : "was not isolated");
  }

  private void release() throws Refused, IOException, InterruptedException {
    // Made, so that there is one to delete.
    String unused = nft("", "table inet " + TABLE + "\ndelete table inet " + TABLE + "\n");
    Files.deleteIfExists(state);
  }

  public boolean isIsolated() {
    return Files.exists(state);
  }

  /**
   * Makes true what the note says: isolates again after a restart of the machine, releases when the
   * time has come.
   *
   * @return what was done; empty: nothing
   */
  public Optional<String> keep(boolean starting) throws IOException, InterruptedException {
    if (!isIsolated()) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(state);
    long until = Long.parseLong(lines.get(0));
    try {
      if (until != 0 && clock.millis() >= until) {
        release();
        return Optional.of("released the network: the time is over");
      }
      if (starting) {
        String unused = nft("", script(endpoint, new TreeSet<>(lines.subList(1, lines.size()))));
        return Optional.of("the network stays isolated");
      }
      return Optional.empty();
    } catch (Refused e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private void requireNft() throws Refused {
    if (!Files.isExecutable(nft)) {
      throw Refused.failed(
          "unavailable", "there is no " + nft + ": install nftables, or set respond.nft");
    }
  }

  private String nft(String option, String script)
      throws Refused, IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(nft.toString()));
    if (!option.isEmpty()) {
      command.add(option);
    }
    command.addAll(List.of("-f", "-"));
    return Program.run(command, script, TIMEOUT, MAX_OUTPUT);
  }

  /** The table, in one transaction with the deletion of an older one. */
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
    return "table inet "
        + TABLE
        + "\ndelete table inet "
        + TABLE
        + "\ntable inet "
        + TABLE
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
