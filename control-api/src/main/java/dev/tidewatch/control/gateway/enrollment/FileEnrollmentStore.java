package dev.tidewatch.control.gateway.enrollment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An {@link EnrollmentStore} for one gateway: everything in memory, every change one line of a
 * {@link Journal} that is on disk before it counts. The journal is rewritten at start, without what
 * is over.
 */
public final class FileEnrollmentStore implements EnrollmentStore {
  private final Map<String, Token> tokens = new TreeMap<>();
  private final Map<String, EnrolledAgent> agents = new ConcurrentSkipListMap<>();
  private final Map<String, ApiKey> apiKeys = new ConcurrentHashMap<>();
  private final Journal journal;

  private record Token(String tenant, Instant expires) {}

  private record ApiKey(String tenant, String label) {}

  private FileEnrollmentStore(Journal journal) {
    this.journal = journal;
  }

  /**
   * @throws IOException when the journal cannot be read or written
   */
  public static FileEnrollmentStore open(Path file, Instant now) throws IOException {
    FileEnrollmentStore store = new FileEnrollmentStore(new Journal(file));
    store.journal.read(store::apply);
    store.tokens.values().removeIf(token -> !token.expires().isAfter(now));
    store.journal.rewrite(store.lines());
    return store;
  }

  private List<ObjectNode> lines() {
    List<ObjectNode> lines = new java.util.ArrayList<>();
    tokens.forEach((hash, token) -> lines.add(tokenLine(hash, token)));
    agents.values().forEach(agent -> lines.add(agentLine(agent)));
    apiKeys.forEach((hash, key) -> lines.add(keyLine(hash, key)));
    return lines;
  }

  /** Remembers a token that lets one agent of {@code tenant} in until {@code expires}. */
  public synchronized void addToken(String hash, String tenant, Instant expires) {
    Token token = new Token(tenant, expires);
    write(tokenLine(hash, token));
    tokens.put(hash, token);
  }

  @Override
  public synchronized Optional<EnrolledAgent> redeem(
      String secret, Instant now, Function<String, EnrolledAgent> agent) {
    String hash = Secrets.hash(secret);
    Token token = tokens.get(hash);
    if (token == null || !token.expires().isAfter(now)) {
      return Optional.empty();
    }
    EnrolledAgent enrolled = agent.apply(token.tenant());
    // One line for both: no crash can leave an agent whose token still works.
    write(agentLine(enrolled).put("token", hash));
    tokens.remove(hash);
    agents.put(enrolled.agentId(), enrolled);
    return Optional.of(enrolled);
  }

  @Override
  public Optional<EnrolledAgent> agent(String agentId) {
    return Optional.ofNullable(agents.get(agentId));
  }

  @Override
  public List<EnrolledAgent> agents() {
    return List.copyOf(agents.values());
  }

  @Override
  public void renewed(String agentId, String serial, Instant notAfter) {
    var unused = change(agentId, agent -> agent.renewed(serial, notAfter));
  }

  /** Locks an agent out for good. False when there is none such. */
  public boolean revoke(String agentId, String reason) {
    return change(agentId, agent -> agent.revoked(reason));
  }

  @Override
  public void flagClone(String agentId, String fingerprint) {
    var unused = change(agentId, agent -> agent.cloned(fingerprint));
  }

  private synchronized boolean change(
      String agentId, Function<EnrolledAgent, EnrolledAgent> change) {
    EnrolledAgent agent = agents.get(agentId);
    if (agent == null) {
      return false;
    }
    EnrolledAgent changed = change.apply(agent);
    if (!changed.equals(agent)) {
      write(agentLine(changed));
      agents.put(agentId, changed);
    }
    return true;
  }

  /** Remembers an API key with which events of {@code tenant} may be sent. */
  public synchronized void addApiKey(String hash, String tenant, String label) {
    ApiKey key = new ApiKey(tenant, label);
    write(keyLine(hash, key));
    apiKeys.put(hash, key);
  }

  /** Whose events a key may send; empty for an unknown or withdrawn one. */
  public Optional<String> tenantOfApiKey(String hash) {
    return Optional.ofNullable(apiKeys.get(hash)).map(ApiKey::tenant);
  }

  /** False when there is none such. */
  public synchronized boolean removeApiKey(String hash) {
    if (!apiKeys.containsKey(hash)) {
      return false;
    }
    write(line("key-removed").put("hash", hash));
    apiKeys.remove(hash);
    return true;
  }

  private void write(ObjectNode line) {
    try {
      journal.append(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode line(String kind) {
    return JsonNodeFactory.instance.objectNode().put("kind", kind);
  }

  private static ObjectNode tokenLine(String hash, Token token) {
    return line("token")
        .put("hash", hash)
        .put("tenant", token.tenant())
        .put("expires", token.expires().toString());
  }

  private static ObjectNode keyLine(String hash, ApiKey key) {
    return line("key").put("hash", hash).put("tenant", key.tenant()).put("label", key.label());
  }

  private static ObjectNode agentLine(EnrolledAgent agent) {
    return line("agent")
        .put("id", agent.agentId())
        .put("tenant", agent.tenant())
        .put("host", agent.host())
        .put("platform", agent.platform())
        .put("version", agent.agentVersion())
        .put("fingerprint", agent.fingerprint())
        .put("enrolled", agent.enrolled().toString())
        .put("serial", agent.certificateSerial())
        .put("not_after", agent.certificateNotAfter().toString())
        .put("revoked", agent.revoked())
        .put("clone", agent.cloneFingerprint());
  }

  private void apply(JsonNode line) {
    switch (text(line, "kind")) {
      case "token" ->
          tokens.put(
              text(line, "hash"),
              new Token(text(line, "tenant"), Instant.parse(text(line, "expires"))));
      case "agent" -> {
        EnrolledAgent agent = agentOf(line);
        agents.put(agent.agentId(), agent);
        tokens.remove(text(line, "token"));
      }
      case "key" ->
          apiKeys.put(text(line, "hash"), new ApiKey(text(line, "tenant"), text(line, "label")));
      case "key-removed" -> apiKeys.remove(text(line, "hash"));
      default -> throw new IllegalArgumentException("unknown kind " + line.path("kind"));
    }
  }

  private static EnrolledAgent agentOf(JsonNode line) {
    return new EnrolledAgent(
        text(line, "id"),
        text(line, "tenant"),
        text(line, "host"),
        text(line, "platform"),
        text(line, "version"),
        text(line, "fingerprint"),
        Instant.parse(text(line, "enrolled")),
        text(line, "serial"),
        Instant.parse(text(line, "not_after")),
        optional(line, "revoked"),
        optional(line, "clone"));
  }

  private static String text(JsonNode line, String field) {
    return line.path(field).asText();
  }

  private static @Nullable String optional(JsonNode line, String field) {
    return line.hasNonNull(field) ? line.get(field).asText() : null;
  }

  @Override
  public void close() {
    journal.close();
  }
}
