package dev.tidewatch.agent.collect.network;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code /proc/net/tcp} and its kin. */
final class SocketTable {
  private static final Pattern SPACES = Pattern.compile("\\s+");

  private SocketTable() {}

  /** Every readable line; none when the file is missing: a kernel without IPv6. */
  static List<SocketEntry> read(Path file, String protocol) throws IOException {
    List<SocketEntry> entries = new ArrayList<>();
    if (!Files.isReadable(file)) {
      return entries;
    }
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.US_ASCII)) {
      String header = lines.readLine();
      for (String line = header; line != null; line = lines.readLine()) {
        parse(line, protocol).ifPresent(entries::add);
      }
    }
    return entries;
  }

  /** {@code sl local remote st tx:rx tr:when retrnsmt uid timeout inode ...} */
  static Optional<SocketEntry> parse(String line, String protocol) {
    String[] columns = SPACES.split(line.strip());
    if (columns.length < 10 || columns[1].indexOf(':') < 0 || columns[2].indexOf(':') < 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new SocketEntry(
              protocol,
              address(columns[1]),
              port(columns[1]),
              address(columns[2]),
              port(columns[2]),
              Integer.parseInt(columns[3], 16),
              Integer.parseInt(columns[7]),
              Long.parseLong(columns[9])));
    } catch (NumberFormatException | UnknownHostException e) {
      return Optional.empty();
    }
  }

  private static int port(String endpoint) {
    return Integer.parseInt(endpoint.substring(endpoint.indexOf(':') + 1), 16);
  }

  /** Words of the machine's byte order; an IPv4 address within IPv6 comes out as IPv4. */
  private static String address(String endpoint) throws UnknownHostException {
    String hex = endpoint.substring(0, endpoint.indexOf(':'));
    if (hex.length() != 8 && hex.length() != 32) {
      throw new NumberFormatException(hex);
    }
    ByteBuffer bytes = ByteBuffer.allocate(hex.length() / 2).order(ByteOrder.nativeOrder());
    for (int i = 0; i < hex.length(); i += 8) {
      bytes.putInt(Integer.parseUnsignedInt(hex, i, i + 8, 16));
    }
    return InetAddress.getByAddress(bytes.array()).getHostAddress();
  }
}
