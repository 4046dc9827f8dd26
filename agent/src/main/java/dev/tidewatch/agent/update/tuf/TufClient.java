package dev.tidewatch.agent.update.tuf;

import dev.tidewatch.agent.update.tuf.Metadata.Root;
import dev.tidewatch.agent.update.tuf.Metadata.Snapshot;
import dev.tidewatch.agent.update.tuf.Metadata.Targets;
import dev.tidewatch.agent.update.tuf.Metadata.Timestamp;
import dev.tidewatch.agent.update.tuf.TufException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** The specification's client workflow: section 5, in its order. */
public final class TufClient {
  private static final String TIMESTAMP = "timestamp.json";
  private static final String SNAPSHOT = "snapshot.json";
  private static final String TARGETS = "targets.json";
  private static final String ROOT = "root.json";

  private final Mirror mirror;
  private final MetadataDirectory trusted;
  private final TufLimits limits;
  private final Transfer transfer;
  private final InstantSource clock;
  private boolean consistent = true;

  /**
   * @param trusted holds {@code root.json} already
   */
  public TufClient(
      Mirror mirror,
      MetadataDirectory trusted,
      TufLimits limits,
      Transfer transfer,
      InstantSource clock) {
    this.mirror = mirror;
    this.trusted = trusted;
    this.limits = limits;
    this.transfer = transfer;
    this.clock = clock;
  }

  /**
   * Brings the trusted metadata up to date.
   *
   * @return the files there are, by path
   * @throws TufException when something must not be trusted; what was trusted before stays
   * @throws IOException when the mirror does not answer or the directory cannot be written
   */
  public Map<String, TargetFile> refresh() throws IOException, TufException {
    Trust trust = new Trust(clock.instant());
    Root root = refreshRoot(trust);
    consistent = root.consistentSnapshot();
    Timestamp timestamp = refreshTimestamp(trust, root);
    Snapshot snapshot = refreshSnapshot(trust, root, timestamp.snapshot());
    return refreshTargets(trust, root, snapshot.targets()).files();
  }

  private Root refreshRoot(Trust trust) throws IOException, TufException {
    byte[] known =
        trusted
            .read(ROOT, limits.root())
            .orElseThrow(
                () ->
                    new TufException(
                        Reason.MISSING, "there is no root.json of the publisher in " + trusted));
    Root root = trust.root(known);
    for (int i = 0; i < limits.rotations(); i++) {
      Optional<byte[]> bytes = fetch(root.version() + 1 + "." + ROOT, limits.root());
      if (bytes.isEmpty()) {
        break;
      }
      Root next = trust.nextRoot(root, bytes.get());
      // Before the root is kept, so that a death in between does not forget that it has to be done.
      forgetWhatOldKeysSaid(root, next);
      trusted.write(ROOT, bytes.get());
      root = next;
    }
    trust.requireUnexpired(ROOT, root);
    return root;
  }

  /**
   * 5.3.11: somebody who had the keys may have signed versions so high that nothing could follow.
   */
  private void forgetWhatOldKeysSaid(Root root, Root next) throws IOException {
    if (!root.role("timestamp").equals(next.role("timestamp"))
        || !root.role("snapshot").equals(next.role("snapshot"))) {
      trusted.delete(TIMESTAMP);
      trusted.delete(SNAPSHOT);
    }
  }

  private Timestamp refreshTimestamp(Trust trust, Root root) throws IOException, TufException {
    Optional<Timestamp> known =
        known(TIMESTAMP, limits.timestamp(), bytes -> trust.knownTimestamp(root, bytes));
    byte[] bytes = required(TIMESTAMP, limits.timestamp());
    Timestamp timestamp = trust.timestamp(root, known, bytes);
    if (known.isEmpty() || timestamp != known.get()) {
      trusted.write(TIMESTAMP, bytes);
    }
    return timestamp;
  }

  private Snapshot refreshSnapshot(Trust trust, Root root, MetaFile wanted)
      throws IOException, TufException {
    Optional<Snapshot> same =
        known(
            SNAPSHOT,
            limits.snapshot(),
            bytes -> trust.snapshot(root, wanted, Optional.empty(), bytes));
    if (same.isPresent()) {
      return same.get();
    }
    Optional<Snapshot> known =
        known(SNAPSHOT, limits.snapshot(), bytes -> trust.knownSnapshot(root, bytes));
    byte[] bytes = required(versioned(wanted, SNAPSHOT), wanted.limit(limits.snapshot()));
    Snapshot snapshot = trust.snapshot(root, wanted, known, bytes);
    trusted.write(SNAPSHOT, bytes);
    return snapshot;
  }

  private Targets refreshTargets(Trust trust, Root root, MetaFile wanted)
      throws IOException, TufException {
    Optional<Targets> same =
        known(TARGETS, limits.targets(), bytes -> trust.targets(root, wanted, bytes));
    if (same.isPresent()) {
      return same.get();
    }
    byte[] bytes = required(versioned(wanted, TARGETS), wanted.limit(limits.targets()));
    Targets targets = trust.targets(root, wanted, bytes);
    trusted.write(TARGETS, bytes);
    return targets;
  }

  private interface Check<T> {
    T of(byte[] bytes) throws TufException;
  }

  /** What was trusted before, if it still is: by the present root, whole, in time. */
  private <T> Optional<T> known(String name, int limit, Check<T> check) throws IOException {
    Optional<byte[]> bytes = trusted.read(name, limit);
    try {
      return bytes.isEmpty() ? Optional.empty() : Optional.of(check.of(bytes.get()));
    } catch (TufException e) {
      return Optional.empty();
    }
  }

  private String versioned(MetaFile file, String name) {
    return consistent ? file.version() + "." + name : name;
  }

  private byte[] required(String name, int limit) throws IOException, TufException {
    return fetch(name, limit)
        .orElseThrow(() -> new TufException(Reason.MISSING, "the mirror has no " + name));
  }

  private Optional<byte[]> fetch(String name, int limit) throws IOException, TufException {
    Optional<InputStream> in = mirror.open(name);
    if (in.isEmpty()) {
      return Optional.empty();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (InputStream from = in.get()) {
      long unused = transfer.copy(name, from, bytes, limit);
    }
    return Optional.of(bytes.toByteArray());
  }

  /**
   * Takes a file. Only when this has returned may what was written be used.
   *
   * @throws TufException when its length or a hash is another one
   */
  public void download(TargetFile file, OutputStream to) throws IOException, TufException {
    String location = file.location(consistent);
    InputStream in =
        mirror
            .open(location)
            .orElseThrow(() -> new TufException(Reason.MISSING, "the mirror has no " + location));
    try (in) {
      VerifiedOutput verified = new VerifiedOutput(file, to);
      long unused = transfer.copy(location, in, verified, file.length());
      verified.requireWhole();
    }
  }
}
