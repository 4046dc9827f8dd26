package dev.tidewatch.agent.update.tuf;

import dev.tidewatch.agent.update.tuf.Metadata.Root;
import dev.tidewatch.agent.update.tuf.Metadata.Snapshot;
import dev.tidewatch.agent.update.tuf.Metadata.Targets;
import dev.tidewatch.agent.update.tuf.Metadata.Timestamp;
import dev.tidewatch.agent.update.tuf.TufException.Reason;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What is trusted, and what may follow it. Without input and output; every check of the
 * specification's sections 5.3 to 5.6 is here.
 *
 * @param now the one time that all expiries of an update are held against (5.1)
 */
record Trust(Instant now) {
  /** The root that comes with the installation or was trusted before: nobody else vouches. */
  Root root(byte[] bytes) throws TufException {
    Envelope envelope = Envelope.parse("root.json", bytes);
    Root root = Root.of(envelope);
    root.requireSigned("root", envelope);
    return root;
  }

  /** The next root: signed by enough keys of the trusted one and of its own (5.3.4, 5.3.5). */
  Root nextRoot(Root trusted, byte[] bytes) throws TufException {
    long version = trusted.version() + 1;
    Envelope envelope = Envelope.parse(version + ".root.json", bytes);
    Root next = Root.of(envelope);
    trusted.requireSigned("root", envelope);
    next.requireSigned("root", envelope);
    if (next.version() != version) {
      throw new TufException(
          next.version() < version ? Reason.ROLLBACK : Reason.MISMATCH,
          envelope.name() + " is version " + next.version());
    }
    return next;
  }

  /** Something trusted before; past its expiry it still says what must not be undercut. */
  Timestamp knownTimestamp(Root root, byte[] bytes) throws TufException {
    Envelope envelope = Envelope.parse("timestamp.json", bytes);
    root.requireSigned("timestamp", envelope);
    return Timestamp.of(envelope);
  }

  /**
   * @return the new one, or the known one when the versions are the same (5.4.3)
   */
  Timestamp timestamp(Root root, Optional<Timestamp> known, byte[] bytes) throws TufException {
    Timestamp fresh = knownTimestamp(root, bytes);
    if (known.isPresent()) {
      requireNotBelow("timestamp.json", known.get().version(), fresh.version());
      requireNotBelow(
          "the snapshot that timestamp.json names",
          known.get().snapshot().version(),
          fresh.snapshot().version());
      if (known.get().version() == fresh.version()) {
        fresh = known.get();
      }
    }
    requireUnexpired("timestamp.json", fresh);
    return fresh;
  }

  Snapshot knownSnapshot(Root root, byte[] bytes) throws TufException {
    Envelope envelope = Envelope.parse("snapshot.json", bytes);
    root.requireSigned("snapshot", envelope);
    return Snapshot.of(envelope);
  }

  Snapshot snapshot(Root root, MetaFile wanted, Optional<Snapshot> known, byte[] bytes)
      throws TufException {
    wanted.require("snapshot.json", bytes);
    Snapshot fresh = knownSnapshot(root, bytes);
    requireVersion("snapshot.json", wanted.version(), fresh.version());
    if (known.isPresent()) {
      for (Map.Entry<String, MetaFile> before : known.get().files().entrySet()) {
        MetaFile now = fresh.files().get(before.getKey());
        if (now == null) {
          throw new TufException(
              Reason.ROLLBACK, "snapshot.json has lost " + before.getKey() + ", known before");
        }
        requireNotBelow(before.getKey(), before.getValue().version(), now.version());
      }
    }
    requireUnexpired("snapshot.json", fresh);
    return fresh;
  }

  Targets targets(Root root, MetaFile wanted, byte[] bytes) throws TufException {
    wanted.require("targets.json", bytes);
    Envelope envelope = Envelope.parse("targets.json", bytes);
    root.requireSigned("targets", envelope);
    Targets fresh = Targets.of(envelope);
    requireVersion("targets.json", wanted.version(), fresh.version());
    requireUnexpired("targets.json", fresh);
    return fresh;
  }

  void requireUnexpired(String name, Metadata metadata) throws TufException {
    if (!metadata.expires().isAfter(now)) {
      throw new TufException(
          Reason.EXPIRED, name + " expired at " + metadata.expires() + ", here it is " + now);
    }
  }

  private static void requireVersion(String name, long wanted, long found) throws TufException {
    if (wanted != found) {
      throw new TufException(
          Reason.MISMATCH, name + " is version " + found + ", wanted is " + wanted);
    }
  }

  private static void requireNotBelow(String name, long before, long now) throws TufException {
    if (now < before) {
      throw new TufException(
          Reason.ROLLBACK, name + " is version " + now + "; version " + before + " was known");
    }
  }
}
