package dev.tidewatch.agent.respond;

import dev.tidewatch.ingest.v1.Command;
import dev.tidewatch.ingest.v1.IsolateNetwork;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Cuts the machine off with one table of nftables: loopback, the gateway, and what the command
 * lists stay. Releasing is deleting that table; nobody else's rules are touched. That it is
 * isolated is kept in a file, so that a restart of the machine does not release it.
 */
public final class NetworkIsolation {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofDays(3650);
  private static final int MAX_ALLOWED = 256;
  private static final int MAX_OUTPUT = 64 << 10;

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
      allowed.add(IsolationTable.network(network));
    }
    if (allowed.size() > MAX_ALLOWED) {
      throw Refused.because("too-large", "at most " + MAX_ALLOWED + " networks stay reachable");
    }
    long after = isolate.getReleaseAfterMs();
    if (after < 0 || after > LONGEST.toMillis()) {
      throw Refused.because("malformed", "released after " + LONGEST.toDays() + " days at most");
    }
    String script = IsolationTable.script(endpoint, allowed);
    requireNft();
    if (command.getDryRun()) {
      String unused = nft("--check", script);
      return Outcome.of("would isolate; the gateway " + endpoint + " stays reachable");
    }
    long until = after == 0 ? 0 : clock.millis() + after;
    Optional<String> before =
        isIsolated() ? Optional.of(Files.readString(state)) : Optional.empty();
    // Noted first: a crash between leaves a note that is made true at the next start.
    note(until + "\n" + String.join("\n", allowed));
    try {
      String unused = nft("", script);
    } catch (Refused | IOException e) {
      // The table is what it was, so the note is too.
      if (before.isPresent()) {
        note(before.get());
      } else {
        Files.deleteIfExists(state);
      }
      throw e;
    }
    return Outcome.of(
        "isolated; the gateway "
            + endpoint
            + " stays reachable"
            + (until == 0 ? "" : ", until " + Instant.ofEpochMilli(until)));
  }

  /** As a whole or not at all: half a note would let the machine go at its next start. */
  private void note(String text) throws IOException {
    Path fresh = state.resolveSibling(state.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        int unused = channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(fresh, state, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
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
    String unused = nft("", IsolationTable.REMOVAL);
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
        String unused =
            nft("", IsolationTable.script(endpoint, new TreeSet<>(lines.subList(1, lines.size()))));
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
}
