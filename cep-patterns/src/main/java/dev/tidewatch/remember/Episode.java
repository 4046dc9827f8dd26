package dev.tidewatch.remember;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The newest episode of a group (row 22): while it is open it is counted on, then kept until
 * suppression ends.
 */
final class Episode {
  static final int MAX_EVIDENCE = 32;
  static final int MAX_ENTITIES = 16;
  private static final int MAX_FINDINGS = 16;

  final long openMicros;
  final long firstMicros;
  long lastMicros;
  long count;
  boolean open = true;
  private boolean changed = true;
  private boolean emitted;
  private final List<EventRef> evidence;
  private final List<String> entities;
  private final List<Conditions.Finding> findings;

  /** Opens at {@code openMicros} with what is in the window. */
  Episode(long openMicros, Conditions.Window window) {
    this(
        openMicros,
        window.firstMicros(),
        new ArrayList<>(window.evidence(MAX_EVIDENCE)),
        new ArrayList<>(),
        new ArrayList<>(
            window.findings().subList(0, Math.min(window.findings().size(), MAX_FINDINGS))));
    lastMicros = openMicros;
    count = window.count();
  }

  private Episode(
      long openMicros,
      long firstMicros,
      List<EventRef> evidence,
      List<String> entities,
      List<Conditions.Finding> findings) {
    this.openMicros = openMicros;
    this.firstMicros = firstMicros;
    this.evidence = evidence;
    this.entities = entities;
    this.findings = findings;
  }

  /** Another match while the condition holds. */
  void add(Match match) {
    count++;
    lastMicros = match.timeMicros();
    if (evidence.size() < MAX_EVIDENCE) {
      evidence.add(EventRef.of(match));
    }
    changed = true;
  }

  /** The condition came true again while suppressed: its window is counted onto this episode. */
  void absorb(long timeMicros, Conditions.Window window) {
    boolean overlaps = window.firstMicros() <= lastMicros;
    count += overlaps ? 1 : window.count();
    lastMicros = timeMicros;
    for (EventRef event : window.evidence(MAX_EVIDENCE)) {
      if (evidence.size() < MAX_EVIDENCE && !evidence.contains(event)) {
        evidence.add(event);
      }
    }
    changed = true;
  }

  void addEntities(String[] kindsAndValues) {
    for (int i = 0; i + 1 < kindsAndValues.length; i += 2) {
      if (entities.size() < 2 * MAX_ENTITIES && !has(kindsAndValues[i], kindsAndValues[i + 1])) {
        entities.add(kindsAndValues[i]);
        entities.add(kindsAndValues[i + 1]);
        changed = true;
      }
    }
  }

  private boolean has(String kind, String value) {
    for (int i = 0; i < entities.size(); i += 2) {
      if (entities.get(i).equals(kind) && entities.get(i + 1).equals(value)) {
        return true;
      }
    }
    return false;
  }

  /** Whether there is something that has not been told yet. */
  boolean isChanged() {
    return changed;
  }

  /** Its newest form; it counts as told then. */
  EpisodeUpdate tell() {
    EpisodeUpdate update =
        new EpisodeUpdate(
            openMicros, firstMicros, lastMicros, count, evidence, entities, findings, !emitted);
    changed = false;
    emitted = true;
    return update;
  }

  long sizeBytes() {
    return 64 + 56L * evidence.size() + 64L * entities.size() + 96L * findings.size();
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(openMicros);
    out.writeLong(firstMicros);
    out.writeLong(lastMicros);
    out.writeLong(count);
    out.writeByte((open ? 1 : 0) | (changed ? 2 : 0) | (emitted ? 4 : 0));
    out.writeInt(evidence.size());
    for (EventRef event : evidence) {
      out.writeLong(event.timeMicros());
      out.writeLong(event.eventIdHigh());
      out.writeLong(event.eventIdLow());
      out.writeInt(event.member());
    }
    out.writeInt(entities.size());
    for (String entity : entities) {
      StateText.write(entity, out);
    }
    out.writeInt(findings.size());
    for (Conditions.Finding finding : findings) {
      out.writeInt(finding.member());
      StateText.write(finding.field(), out);
      StateText.write(finding.value(), out);
    }
  }

  static Episode read(DataInput in) throws IOException {
    long openMicros = in.readLong();
    long firstMicros = in.readLong();
    long lastMicros = in.readLong();
    long count = in.readLong();
    int flags = in.readByte();
    List<EventRef> evidence = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      evidence.add(new EventRef(in.readLong(), in.readLong(), in.readLong(), in.readInt()));
    }
    List<String> entities = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      entities.add(StateText.read(in));
    }
    List<Conditions.Finding> findings = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      findings.add(new Conditions.Finding(in.readInt(), StateText.read(in), StateText.read(in)));
    }
    Episode episode = new Episode(openMicros, firstMicros, evidence, entities, findings);
    episode.lastMicros = lastMicros;
    episode.count = count;
    episode.open = (flags & 1) != 0;
    episode.changed = (flags & 2) != 0;
    episode.emitted = (flags & 4) != 0;
    return episode;
  }
}
