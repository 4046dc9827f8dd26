package dev.tidewatch.agent.send;

import com.google.protobuf.ByteString;
import dev.tidewatch.ingest.v1.AgentMessage;
import dev.tidewatch.ingest.v1.CommandResult;
import dev.tidewatch.ingest.v1.EvidenceAcknowledgement;
import dev.tidewatch.ingest.v1.EvidenceChunk;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Results of commands and collected files on their way up. They wait for a stream, and an upload
 * that was cut off goes on where the gateway has it. Thread-safe.
 */
public final class Replies {
  private static final int CHUNK = 128 << 10;
  private static final int MOST_RESULTS = 1000;

  private final Deque<CommandResult> results = new ArrayDeque<>();
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

  public synchronized void add(CommandResult result) {
    if (results.size() >= MOST_RESULTS) {
      results.removeFirst();
    }
    results.add(result);
  }

  /** Uploads {@code file} and deletes it afterwards. */
  public synchronized void upload(String commandId, String uploadId, Path file) {
    uploads.add(new Upload(commandId, uploadId, file));
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
    if (done || !acknowledgement.getRefused().isEmpty()) {
      uploads.remove();
      Files.deleteIfExists(upload.file);
    }
  }

  /** A new stream: what was under way on the old one is asked for again. */
  synchronized void restart() {
    uploads.forEach(upload -> upload.waiting = false);
  }

  synchronized boolean isUploading() {
    return !uploads.isEmpty();
  }
}
