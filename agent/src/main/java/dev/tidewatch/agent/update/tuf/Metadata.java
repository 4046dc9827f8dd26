package dev.tidewatch.agent.update.tuf;

import dev.tidewatch.agent.update.tuf.TufException.Reason;
import java.security.PublicKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the four roles say. */
sealed interface Metadata {
  /** Rises with every change. */
  long version();

  /** Not to be trusted from then on. */
  Instant expires();

  /** Who may sign for which role. */
  record Root(
      long version,
      Instant expires,
      boolean consistentSnapshot,
      Map<String, PublicKey> keys,
      Map<String, RoleKeys> roles)
      implements Metadata {
    static Root of(Envelope envelope) throws TufException {
      Fields signed = envelope.of("root");
      Map<String, RoleKeys> roles = new LinkedHashMap<>();
      for (String name : new String[] {"root", "timestamp", "snapshot", "targets"}) {
        roles.put(name, RoleKeys.of(signed.object("roles").object(name)));
      }
      return new Root(
          signed.positive("version"),
          expiry(signed),
          Boolean.TRUE.equals(signed.values().get("consistent_snapshot")),
          SigningKeys.usable(signed),
          roles);
    }

    RoleKeys role(String name) {
      return java.util.Objects.requireNonNull(roles.get(name));
    }

    void requireSigned(String role, Envelope envelope) throws TufException {
      envelope.requireSigned(role(role), keys);
    }
  }

  /** Which snapshot is the present one. */
  record Timestamp(long version, Instant expires, MetaFile snapshot) implements Metadata {
    static Timestamp of(Envelope envelope) throws TufException {
      Fields signed = envelope.of("timestamp");
      Fields meta = signed.object("meta").object("snapshot.json");
      return new Timestamp(signed.positive("version"), expiry(signed), MetaFile.of(meta));
    }
  }

  /** Which versions of the files that name targets belong together. */
  record Snapshot(long version, Instant expires, Map<String, MetaFile> files) implements Metadata {
    static Snapshot of(Envelope envelope) throws TufException {
      Fields signed = envelope.of("snapshot");
      Map<String, MetaFile> files = new LinkedHashMap<>();
      for (Map.Entry<String, Fields> file : signed.objects("meta").entrySet()) {
        files.put(file.getKey(), MetaFile.of(file.getValue()));
      }
      return new Snapshot(signed.positive("version"), expiry(signed), files);
    }

    MetaFile targets() throws TufException {
      MetaFile targets = files.get("targets.json");
      if (targets == null) {
        throw new TufException(Reason.MALFORMED, "the snapshot does not name targets.json");
      }
      return targets;
    }
  }

  /** The files there are. */
  record Targets(long version, Instant expires, Map<String, TargetFile> files) implements Metadata {
    static Targets of(Envelope envelope) throws TufException {
      Fields signed = envelope.of("targets");
      Map<String, TargetFile> files = new LinkedHashMap<>();
      for (Map.Entry<String, Fields> file : signed.objects("targets").entrySet()) {
        files.put(file.getKey(), TargetFile.of(file.getKey(), file.getValue()));
      }
      return new Targets(signed.positive("version"), expiry(signed), files);
    }
  }

  private static Instant expiry(Fields signed) throws TufException {
    try {
      return Instant.parse(signed.text("expires"));
    } catch (DateTimeException e) {
      throw signed.problem("expires", "a time like 2027-01-31T00:00:00Z");
    }
  }
}
