package dev.tidewatch.agent.update;

import dev.tidewatch.agent.update.tuf.TargetFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A version that a publisher offers: what stands under {@code custom.tidewatch} of a target.
 *
 * @param channels that it is in
 * @param rollout how many of a hundred agents may have it
 * @param patches by the SHA-256 of the file they start from
 */
public record AgentRelease(
    AgentVersion version,
    List<String> channels,
    int rollout,
    TargetFile jar,
    Map<String, TargetFile> patches) {
  public AgentRelease {
    channels = List.copyOf(channels);
    patches = Map.copyOf(patches);
  }

  /**
   * The releases among the targets. A target that is no agent and no patch, or not of the form this
   * version knows, is for somebody else.
   */
  public static List<AgentRelease> of(Map<String, TargetFile> targets) {
    Map<AgentVersion, Map<String, TargetFile>> patches = new LinkedHashMap<>();
    for (TargetFile target : targets.values()) {
      Map<?, ?> custom = custom(target);
      if ("patch".equals(custom.get("kind")) && custom.get("base_sha256") instanceof String base) {
        version(custom)
            .ifPresent(
                of -> patches.computeIfAbsent(of, v -> new LinkedHashMap<>()).put(base, target));
      }
    }
    List<AgentRelease> releases = new ArrayList<>();
    for (TargetFile target : targets.values()) {
      release(target, patches).ifPresent(releases::add);
    }
    return releases;
  }

  private static Optional<AgentRelease> release(
      TargetFile target, Map<AgentVersion, Map<String, TargetFile>> patches) {
    Map<?, ?> custom = custom(target);
    if (!"agent".equals(custom.get("kind"))
        || !(custom.get("rollout") instanceof Long rollout)
        || !(custom.get("channels") instanceof List<?> channels)) {
      return Optional.empty();
    }
    return version(custom)
        .map(
            version ->
                new AgentRelease(
                    version,
                    channels.stream().map(String::valueOf).toList(),
                    (int) Math.max(0, Math.min(100, rollout)),
                    target,
                    patches.getOrDefault(version, Map.of())));
  }

  private static Map<?, ?> custom(TargetFile target) {
    return target.custom().get("tidewatch") instanceof Map<?, ?> map ? map : Map.of();
  }

  private static Optional<AgentVersion> version(Map<?, ?> custom) {
    return custom.get("version") instanceof String text && AgentVersion.isValid(text)
        ? Optional.of(new AgentVersion(text))
        : Optional.empty();
  }

  /** Whether the agent may have it, by channel and share. */
  boolean isFor(String channel, String agentId) {
    return channels.contains(channel) && place(agentId) < rollout;
  }

  /**
   * The agent's place among a hundred, from 0: another one for each version, so that it is not
   * always the same who go first; the same for ever, so that a larger share holds the smaller one.
   */
  private int place(String agentId) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      byte[] hash = sha.digest((version + "\n" + agentId).getBytes(StandardCharsets.UTF_8));
      return (int) Long.remainderUnsigned(ByteBuffer.wrap(hash).getLong(), 100);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
