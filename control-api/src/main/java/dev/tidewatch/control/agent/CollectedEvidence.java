package dev.tidewatch.control.agent;

import dev.tidewatch.control.access.Secrets;
import dev.tidewatch.control.change.Changes;
import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.gateway.command.EvidenceFiles;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.v1.AgentCommand;
import dev.tidewatch.control.v1.AgentServiceGrpc;
import dev.tidewatch.control.v1.EvidencePart;
import dev.tidewatch.control.v1.ReadEvidenceRequest;
import dev.tidewatch.ingest.v1.Evidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.UUID;

/**
 * Files that agents collected, as a gateway of this machine wrote them down. Whoever opens one is
 * in the audit log, with the file's name on the endpoint and the hash that the agent told.
 */
public final class CollectedEvidence {
  private static final String REASON = "EVIDENCE_NOT_HERE";

  private final ControlDatabase database;
  private final Changes changes;
  private final Optional<Path> directory;

  /**
   * @param directory where the gateway puts evidence; empty where it runs elsewhere
   */
  public CollectedEvidence(ControlDatabase database, Changes changes, Optional<Path> directory) {
    this.database = database;
    this.changes = changes;
    this.directory = directory;
  }

  /**
   * A collected file.
   *
   * @param path where it is here
   * @param told what the agent told of it: its name there, size and hashes
   */
  record Opened(Path path, Evidence told) {}

  /**
   * Finds a file and writes down who asked for it.
   *
   * @throws io.grpc.StatusRuntimeException as {@code ReadEvidence} says
   */
  Opened open(ReadEvidenceRequest request) {
    new FieldChecks()
        .tenant(request.getTenantId())
        .uuid("command_id", request.getCommandId())
        .require(
            EvidenceFiles.isUploadId(request.getUploadId()),
            "upload_id",
            "must be 1 to 64 letters, digits or -")
        .done();
    UUID id = UUID.fromString(request.getCommandId());
    AgentCommand command = database.inTenant(request.getTenantId(), tx -> CommandTable.get(tx, id));
    Opened file = new Opened(place(command, request.getUploadId()), told(command, request));
    requireWhole(file);
    changes.run(
        AgentServiceGrpc.getReadEvidenceMethod(),
        request.getTenantId(),
        request,
        change -> {
          change.about("command", id);
          change
              .detail()
              .put("agent", command.getAgentId())
              .put("path", file.told().getPath())
              .put("bytes", file.told().getSizeBytes())
              .put("sha256", Secrets.base64(file.told().getSha256().toByteArray()));
          return EvidencePart.getDefaultInstance();
        });
    return file;
  }

  private static Evidence told(AgentCommand command, ReadEvidenceRequest request) {
    return command.getResult().getEvidenceList().stream()
        .filter(each -> each.getUploadId().equals(request.getUploadId()))
        .findFirst()
        .orElseThrow(() -> Failures.notFound("no such file of this command"));
  }

  private Path place(AgentCommand command, String uploadId) {
    Path root =
        directory.orElseThrow(
            () ->
                Failures.precondition(
                    REASON,
                    "evidence is with the gateway that took it, and control.evidence-directory"
                        + " names no directory that it shares with this server"));
    return EvidenceFiles.place(
        root, command.getTenantId(), command.getAgentId(), command.getCommandId(), uploadId);
  }

  private static void requireWhole(Opened file) {
    long here;
    try {
      BasicFileAttributes found =
          Files.readAttributes(file.path(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      here = found.isRegularFile() ? found.size() : -1;
    } catch (IOException e) {
      here = -1;
    }
    if (here < 0) {
      throw Failures.precondition(
          REASON, "the file is not here: it has not come yet, or another gateway took it");
    }
    if (here != file.told().getSizeBytes()) {
      throw Failures.precondition(
          REASON,
          "the file is still coming: %d of %d bytes".formatted(here, file.told().getSizeBytes()));
    }
  }
}
