package dev.tidewatch.agent.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewatch.ingest.v1.AgentMessage;
import dev.tidewatch.ingest.v1.CommandResult;
import dev.tidewatch.ingest.v1.CommandResultAcknowledgement;
import dev.tidewatch.ingest.v1.CommandStatus;
import dev.tidewatch.ingest.v1.EvidenceAcknowledgement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepliesTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  @TempDir Path directory;

  private Replies open() throws IOException {
    return Replies.open(directory.resolve("replies"), () -> NOW);
  }

  private static CommandResult result(String id, CommandStatus status) {
    return CommandResult.newBuilder().setCommandId(id).setStatus(status).setCode("x").build();
  }

  private static List<CommandResult> sent(Replies replies) throws IOException {
    List<CommandResult> sent = new ArrayList<>();
    for (Optional<AgentMessage> next = replies.next(); next.isPresent(); next = replies.next()) {
      sent.add(next.get().getCommandResult());
    }
    return sent;
  }

  private static void acknowledge(Replies replies, String id, CommandStatus status)
      throws IOException {
    replies.acknowledged(
        CommandResultAcknowledgement.newBuilder().setCommandId(id).setStatus(status).build());
  }

  @Test
  void whatIsKeptGoesUpUntilItIsAcknowledgedAlsoAfterARestart() throws IOException {
    Replies replies = open();
    CommandResult done = result("c-1", CommandStatus.COMMAND_STATUS_SUCCEEDED);
    replies.keep(done);
    assertThat(sent(replies)).containsExactly(done);
    assertThat(sent(replies)).as("once a stream").isEmpty();
    replies.restart();
    assertThat(sent(replies)).containsExactly(done);
    Replies restarted = open();
    restarted.restart();
    assertThat(sent(restarted)).containsExactly(done);
    acknowledge(restarted, "c-1", CommandStatus.COMMAND_STATUS_ACCEPTED);
    acknowledge(restarted, "other", CommandStatus.COMMAND_STATUS_SUCCEEDED);
    assertThat(restarted.isKept("c-1")).isTrue();
    acknowledge(restarted, "c-1", CommandStatus.COMMAND_STATUS_SUCCEEDED);
    restarted.restart();
    assertThat(sent(restarted)).isEmpty();
    assertThat(sent(open())).isEmpty();
  }

  @Test
  void whatWasBegunAndNotFinishedWasInterrupted() throws IOException {
    Replies replies = open();
    replies.keep(result("c-2", CommandStatus.COMMAND_STATUS_ACCEPTED));
    replies.keep(result("c-3", CommandStatus.COMMAND_STATUS_ACCEPTED));
    replies.keep(result("c-3", CommandStatus.COMMAND_STATUS_FAILED));
    List<CommandResult> found = sent(open());
    assertThat(found).extracting(CommandResult::getCommandId).containsExactly("c-2", "c-3");
    assertThat(found)
        .extracting(CommandResult::getStatus)
        .containsOnly(CommandStatus.COMMAND_STATUS_FAILED);
    assertThat(found.get(0).getCode()).isEqualTo("interrupted");
    assertThat(found.get(1).getCode()).isEqualTo("x");
    assertThat(sent(open())).as("also the next time").hasSize(2);
  }

  @Test
  void whatNobodyVouchesForIsNotWrittenDown() throws IOException {
    Replies replies = open();
    replies.add(result("../../x", CommandStatus.COMMAND_STATUS_REFUSED));
    assertThat(sent(open())).isEmpty();
    assertThatThrownBy(() -> replies.keep(result("../../x", CommandStatus.COMMAND_STATUS_FAILED)))
        .isInstanceOf(IOException.class);
    assertThat(directory.resolve("replies")).isEmptyDirectory();
  }

  @Test
  void aDamagedResultHidesNoOther() throws IOException {
    Replies replies = open();
    replies.keep(result("c-4", CommandStatus.COMMAND_STATUS_SUCCEEDED));
    Files.write(directory.resolve("replies/c-0.result"), new byte[] {1, 2, 3});
    Files.write(directory.resolve("replies/c-5.result.new"), new byte[] {1});
    assertThat(sent(open())).extracting(CommandResult::getCommandId).containsExactly("c-4");
  }

  @Test
  void anUploadGoesOnAfterARestart() throws IOException {
    Path evidence = Files.writeString(directory.resolve("evidence"), "0123456789");
    open().upload("c-6", "u-1", evidence);
    Replies restarted = open();
    AgentMessage first = restarted.next().orElseThrow();
    assertThat(first.getEvidence().getData().toStringUtf8()).isEqualTo("0123456789");
    EvidenceAcknowledgement half =
        EvidenceAcknowledgement.newBuilder()
            .setCommandId("c-6")
            .setUploadId("u-1")
            .setReceivedBytes(4)
            .build();
    restarted.acknowledged(half);
    assertThat(restarted.next().orElseThrow().getEvidence().getData().toStringUtf8())
        .isEqualTo("456789");
    restarted.acknowledged(half.toBuilder().setReceivedBytes(10).build());
    assertThat(evidence).doesNotExist();
    assertThat(open().isUploading()).isFalse();
  }
}
