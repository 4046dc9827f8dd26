package dev.tidewatch.agent.send;

import com.google.protobuf.ByteString;
import dev.tidewatch.agent.send.ReplyJournal.KeptUpload;
import dev.tidewatch.ingest.v1.AgentMessage;
import dev.tidewatch.ingest.v1.CommandResult;
import dev.tidewatch.ingest.v1.CommandResultAcknowledgement;
import dev.tidewatch.ingest.v1.CommandStatus;
import dev.tidewatch.ingest.v1.EvidenceAcknowledgement;
import dev.tidewatch.ingest.v1.EvidenceChunk;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Results of commands and collected files on their way up. What was kept is on the disk until the
 * gateway has acknowledged it, and goes up again with every new stream until then; a command that
 * was begun and has no result when the agent starts was interrupted, and that is its result. An
 * upload that was cut off goes on where the gateway has it. Thread-safe.
 */
public final class Replies {
  private static final Logger LOG = System.getLogger(Replies.class.getName());
  private static final int CHUNK = 128 << 10;
  private static final int MOST_RESULTS = 1000;

  private final ReplyJournal journal;
  private final Deque<CommandResult> results = new ArrayDeque<>();
  private final Map<String, CommandResult> kept = new LinkedHashMap<>();
  private final Deque<Upload> uploads = new ArrayDeque<>();

  private static final class Upload {
    private final String commandId;
    private final String uploadId;
    private final Path file;
    private long acknowledged;
    private boolean waiting;

    Upload(String commandId, String uploadId, Path file) {
      this.commandId = commandId;
      this.uploadId = uploadId;
      this.file = file;
    }
  }

  private Replies(ReplyJournal journal) {
    this.journal = journal;
  }

  /**
   * With what an earlier run of the agent could not get rid of.
   *
   * @param directory of the journal
   */
  public static Replies open(Path directory, InstantSource clock) throws IOException {
    Replies replies = new Replies(new ReplyJournal(directory));
    for (CommandResult result : replies.journal.results()) {
      if (result.getStatus() == CommandStatus.COMMAND_STATUS_ACCEPTED) {
        replies.keep(interrupted(result, clock.millis() * 1000));
      } else {
        replies.kept.put(result.getCommandId(), result);
        replies.results.add(result);
      }
    }
    for (KeptUpload upload : replies.journal.uploads()) {
      replies.uploads.add(new Upload(upload.commandId(), upload.uploadId(), upload.file()));
    }
    return replies;
  }

  /** What becomes of a command that was begun and not finished. */
  public static CommandResult interrupted(CommandResult begun, long nowMicros) {
    return begun.toBuilder()
        .setStatus(CommandStatus.COMMAND_STATUS_FAILED)
        .setCode("interrupted")
        .setDetail("the agent stopped while it carried this out; how far it came is not known")
        .setFinishedTimeUs(nowMicros)
        .build();
  }

  /** Sends a result once, with this stream or the next; for what nobody vouches for. */
  public synchronized void add(CommandResult result) {
    if (results.size() >= MOST_RESULTS) {
      results.removeFirst();
    }
    results.add(result);
  }

  /**
   * Keeps a result until the gateway acknowledges it. A later one of the same command takes its
   * place.
   *
   * @throws IOException when it cannot be written down; a command must then not be begun
   */
  public synchronized void keep(CommandResult result) throws IOException {
    if (kept.size() >= MOST_RESULTS && !kept.containsKey(result.getCommandId())) {
      String oldest = kept.keySet().iterator().next();
      kept.remove(oldest);
      journal.forgetResult(oldest);
    }
    kept.put(result.getCommandId(), result);
    add(result);
    journal.keep(result);
  }

  /** Whether a result of this command, or the word that it was begun, waits for the gateway. */
  public synchronized boolean isKept(String commandId) {
    return kept.containsKey(commandId);
  }

  synchronized void acknowledged(CommandResultAcknowledgement acknowledgement) throws IOException {
    CommandResult known = kept.get(acknowledgement.getCommandId());
    if (known != null
        && known.getStatus() == acknowledgement.getStatus()
        && known.getStatus() != CommandStatus.COMMAND_STATUS_ACCEPTED) {
      kept.remove(acknowledgement.getCommandId());
      journal.forgetResult(acknowledgement.getCommandId());
    }
  }

  /** Uploads {@code file} and deletes it afterwards. */
  public synchronized void upload(String commandId, String uploadId, Path file) throws IOException {
    uploads.add(new Upload(commandId, uploadId, file));
    journal.keep(new KeptUpload(commandId, uploadId, file));
  }

  /** What to send now; at most one chunk is under way. */
  synchronized Optional<AgentMessage> next() throws IOException {
    CommandResult result = results.poll();
    if (result != null) {
      return Optional.of(AgentMessage.newBuilder().setCommandResult(result).build());
    }
    Upload upload = uploads.peek();
    if (upload == null || upload.waiting) {
      return Optional.empty();
    }
    @Nullable EvidenceChunk chunk = chunk(upload);
    if (chunk == null) {
      uploads.remove();
      journal.forgetUpload(upload.uploadId);
      return Optional.empty();
    }
    upload.waiting = true;
    return Optional.of(AgentMessage.newBuilder().setEvidence(chunk).build());
  }

  private static @Nullable EvidenceChunk chunk(Upload upload) throws IOException {
    if (!Files.isRegularFile(upload.file)) {
      return null;
    }
    try (RandomAccessFile file = new RandomAccessFile(upload.file.toFile(), "r")) {
      long left = file.length() - upload.acknowledged;
      byte[] data = new byte[(int) Math.max(0, Math.min(CHUNK, left))];
      file.seek(upload.acknowledged);
      file.readFully(data);
      return EvidenceChunk.newBuilder()
          .setCommandId(upload.commandId)
          .setUploadId(upload.uploadId)
          .setOffset(upload.acknowledged)
          .setData(ByteString.copyFrom(data))
          .setLast(left <= data.length)
          .build();
    }
  }

  synchronized void acknowledged(EvidenceAcknowledgement acknowledgement) throws IOException {
    Upload upload = uploads.peek();
    if (upload == null
        || !upload.uploadId.equals(acknowledgement.getUploadId())
        || !upload.commandId.equals(acknowledgement.getCommandId())) {
      return;
    }
    upload.waiting = false;
    upload.acknowledged = acknowledgement.getReceivedBytes();
    boolean done =
        Files.isRegularFile(upload.file) && upload.acknowledged >= Files.size(upload.file);
    if (!acknowledgement.getRefused().isEmpty()) {
      LOG.log(
          Level.WARNING,
          "the gateway takes no more of upload {0}: {1}",
          upload.uploadId,
          acknowledgement.getRefused());
    }
    if (done || !acknowledgement.getRefused().isEmpty()) {
      uploads.remove();
      journal.forgetUpload(upload.uploadId);
      Files.deleteIfExists(upload.file);
    }
  }

  /** A new stream: what was under way on the old one is sent again, results first. */
  synchronized void restart() {
    List<CommandResult> once = new ArrayList<>();
    for (CommandResult result : results) {
      if (kept.get(result.getCommandId()) == null) {
        once.add(result);
      }
    }
    results.clear();
    results.addAll(kept.values());
    results.addAll(once);
    uploads.forEach(upload -> upload.waiting = false);
  }

  synchronized boolean isUploading() {
    return !uploads.isEmpty();
  }
}
