package dev.tidewatch.control.gateway.command;

import dev.tidewatch.control.gateway.enrollment.AgentIdentity;
import dev.tidewatch.ingest.v1.EvidenceAcknowledgement;
import dev.tidewatch.ingest.v1.EvidenceChunk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collected files as they come up an agent's stream, at {@code
 * evidence/TENANT/AGENT/COMMAND/UPLOAD}. Every part of the path is checked, and only a command that
 * is open for this very agent takes files.
 */
public final class EvidenceFiles {
  private static final Logger LOG = LoggerFactory.getLogger(EvidenceFiles.class);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]{1,64}");
  private static final int MOST_CHUNK = 256 << 10;

  private final Path directory;
  private final long mostBytes;
  private final CommandLedger commands;

  /**
   * @param mostBytes of one file
   */
  public EvidenceFiles(Path directory, long mostBytes, CommandLedger commands) {
    this.directory = directory;
    this.mostBytes = mostBytes;
    this.commands = commands;
  }

  /** Where a file is, by ids that have been checked. */
  public static Path place(
      Path directory, String tenant, String agentId, String commandId, String uploadId) {
    return directory.resolve(tenant).resolve(agentId).resolve(commandId).resolve(uploadId);
  }

  /** Whether it can be the id of an upload: nothing that a path could mean something else by. */
  public static boolean isUploadId(String text) {
    return NAME.matcher(text).matches();
  }

  /** Writes a chunk; the answer says how far the file has come or why it is refused. */
  public EvidenceAcknowledgement take(AgentIdentity agent, EvidenceChunk chunk) {
    EvidenceAcknowledgement.Builder answer =
        EvidenceAcknowledgement.newBuilder()
            .setCommandId(chunk.getCommandId())
            .setUploadId(chunk.getUploadId());
    String problem = problem(agent, chunk);
    if (!problem.isEmpty()) {
      return answer.setRefused(problem).build();
    }
    try {
      return answer.setReceivedBytes(write(agent, chunk)).build();
    } catch (IOException e) {
      LOG.warn("evidence cannot be written: agent={}", agent.agentId(), e);
      return answer.setRefused("the gateway cannot write").build();
    }
  }

  private String problem(AgentIdentity agent, EvidenceChunk chunk) {
    if (!NAME.matcher(chunk.getUploadId()).matches()
        || !NAME.matcher(chunk.getCommandId()).matches()) {
      return "upload_id and command_id have 1 to 64 letters, digits or -";
    }
    if (!commands.agentOf(chunk.getCommandId()).equals(java.util.Optional.of(agent.agentId()))) {
      return "no such command is open";
    }
    if (chunk.getData().size() > MOST_CHUNK) {
      return "a chunk has at most " + MOST_CHUNK + " bytes";
    }
    if (chunk.getOffset() < 0 || chunk.getOffset() > mostBytes - chunk.getData().size()) {
      return "a file has at most " + mostBytes + " bytes";
    }
    return "";
  }

  private long write(AgentIdentity agent, EvidenceChunk chunk) throws IOException {
    Path place =
        place(
            directory, agent.tenant(), agent.agentId(), chunk.getCommandId(), chunk.getUploadId());
    Files.createDirectories(place.getParent());
    try (FileChannel file =
        FileChannel.open(place, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      if (chunk.getOffset() != file.size()) {
        // Sent again or out of order: the agent goes on from what is here.
        return file.size();
      }
      ByteBuffer data = chunk.getData().asReadOnlyByteBuffer();
      for (long at = chunk.getOffset(); data.hasRemaining(); ) {
        at += file.write(data, at);
      }
      if (chunk.getLast()) {
        file.force(true);
      }
      return file.size();
    }
  }
}
