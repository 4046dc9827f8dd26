package dev.tidewatch.remember;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that is remembered of one group. Mutable; moved on by {@link GroupRun}. */
public final class GroupState {
  private static final int VERSION = 1;

  /**
   * Matches that the watermark has not passed, in {@link Match#ORDER}; null when there are none.
   */
  @Nullable ArrayList<Match> pending;

  /** Null until the first match is let through. */
  @Nullable MachineState machine;

  @Nullable Episode episode;

  /** What {@link #wakeMicros()} says. */
  long wakeMicros = Long.MAX_VALUE;

  public GroupState() {}

  /**
   * The watermark at which whoever moves the group on means to do so; {@code Long.MAX_VALUE} when
   * nothing is planned. Kept here so that a plan can be changed without asking for it.
   */
  public long wakeMicros() {
    return wakeMicros;
  }

  public void planWake(long micros) {
    wakeMicros = micros;
  }

  /** Bytes of memory, about. */
  public long sizeBytes() {
    long size = 32;
    if (pending != null) {
      size += 40 + 160L * pending.size();
    }
    if (machine != null) {
      size += machine.sizeBytes();
    }
    return episode == null ? size : size + episode.sizeBytes();
  }

  /** Whether nothing is remembered, so that it need not be kept. */
  public boolean isEmpty() {
    return pending == null && machine == null && episode == null;
  }

  public void write(DataOutput out) throws IOException {
    out.writeByte(VERSION);
    out.writeByte(
        (pending != null ? 1 : 0) | (machine != null ? 2 : 0) | (episode != null ? 4 : 0));
    out.writeLong(wakeMicros);
    if (pending != null) {
      out.writeInt(pending.size());
      for (Match match : pending) {
        write(match, out);
      }
    }
    if (machine != null) {
      out.writeInt(machine.format());
      out.writeInt(MachineStateFormats.get(machine.format()).version());
      machine.write(out);
    }
    if (episode != null) {
      episode.write(out);
    }
  }

  /**
   * @throws IOException when the bytes are no state, or one of a newer version
   */
  public static GroupState read(DataInput in) throws IOException {
    int version = in.readByte();
    if (version != VERSION) {
      throw new IOException("group state of version " + version + "; this reads " + VERSION);
    }
    int parts = in.readByte();
    GroupState state = new GroupState();
    state.wakeMicros = in.readLong();
    if ((parts & 1) != 0) {
      state.pending = new ArrayList<>(readMatches(in));
    }
    if ((parts & 2) != 0) {
      state.machine = MachineStateFormats.get(in.readInt()).read(in, in.readInt());
    }
    if ((parts & 4) != 0) {
      state.episode = Episode.read(in);
    }
    return state;
  }

  private static List<Match> readMatches(DataInput in) throws IOException {
    List<Match> matches = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      matches.add(readMatch(in));
    }
    return matches;
  }

  /** The form of a match in checkpoints and between operators. */
  public static void write(Match match, DataOutput out) throws IOException {
    out.writeLong(match.timeMicros());
    out.writeLong(match.eventIdHigh());
    out.writeLong(match.eventIdLow());
    out.writeShort(match.member());
    writeTexts(match.fields(), out);
    writeTexts(match.entities(), out);
  }

  public static Match readMatch(DataInput in) throws IOException {
    return new Match(
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readShort(),
        readTexts(in),
        requireTexts(readTexts(in)));
  }

  private static void writeTexts(@Nullable String[] texts, DataOutput out) throws IOException {
    out.writeShort(texts.length);
    for (String text : texts) {
      StateText.writeNullable(text, out);
    }
  }

  private static @Nullable String[] readTexts(DataInput in) throws IOException {
    @Nullable String[] texts = new @Nullable String[in.readShort()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = StateText.readNullable(in);
    }
    return texts;
  }

  private static String[] requireTexts(@Nullable String[] texts) throws IOException {
    String[] all = new String[texts.length];
    for (int i = 0; i < texts.length; i++) {
      String text = texts[i];
      if (text == null) {
        throw new IOException("null where a text is expected");
      }
      all[i] = text;
    }
    return all;
  }
}
