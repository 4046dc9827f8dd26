package dev.tidewatch.agent.respond;

import dev.tidewatch.agent.enroll.Identity;
import dev.tidewatch.agent.send.GatewayListener;
import dev.tidewatch.agent.send.Replies;
import dev.tidewatch.ingest.v1.Command;
import dev.tidewatch.ingest.v1.Command.ActionCase;
import dev.tidewatch.ingest.v1.CommandResult;
import dev.tidewatch.ingest.v1.CommandStatus;
import dev.tidewatch.ingest.v1.Configuration;
import dev.tidewatch.ingest.v1.SignedCommand;
import dev.tidewatch.ingest.v1.SignedConfiguration;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

/** Carries out commands, one after the other, in a thread of its own. */
public final class Responder implements GatewayListener, AutoCloseable {
  private static final Logger LOG = System.getLogger(Responder.class.getName());
  private static final int WAITING = 256;
  private static final int LONGEST_PROBLEM = 500;

  private final ResponderOptions options;
  private final CommandVerifier verifier;
  private final ConfigurationAction configuration;
  private final Map<ActionCase, Action> actions = new EnumMap<>(ActionCase.class);
  private final Replies replies;
  private final InstantSource clock;
  private final BlockingQueue<Runnable> queue = new LinkedBlockingQueue<>(WAITING);
  private final Thread thread;
  private volatile String configurationProblem = "";

  public Responder(
      ResponderOptions options,
      Supplier<Identity> identity,
      NetworkIsolation isolation,
      ConfigurationTarget target,
      Replies replies,
      InstantSource clock)
      throws IOException {
    this.options = options;
    this.replies = replies;
    this.clock = clock;
    Path state = options.state();
    this.verifier =
        new CommandVerifier(
            identity, NonceStore.open(state.resolve("nonces"), clock.instant()), clock);
    this.configuration = new ConfigurationAction(target);
    Quarantine quarantine = new Quarantine(state.resolve("quarantine"), state);
    actions.put(ActionCase.KILL_PROCESS, new KillProcessAction());
    actions.put(ActionCase.QUARANTINE_FILE, quarantine::take);
    actions.put(ActionCase.RESTORE_FILE, quarantine::restore);
    actions.put(ActionCase.ISOLATE_NETWORK, isolation::isolate);
    actions.put(ActionCase.RELEASE_NETWORK, isolation::release);
    actions.put(
        ActionCase.COLLECT_PATH,
        new CollectAction(
            state.resolve("evidence"), options.maxCollectBytes(), options.maxCollectFiles()));
    actions.put(ActionCase.RUN_OSQUERY, new OsqueryAction(options.osqueryi()));
    actions.put(ActionCase.CHANGE_CONFIGURATION, configuration);
    this.thread = new Thread(this::work, "responder");
    this.thread.setDaemon(true);
    this.thread.start();
  }

  @Override
  public void command(SignedCommand signed) {
    enqueue(() -> carryOut(signed));
  }

  @Override
  public void configuration(SignedConfiguration signed) {
    enqueue(() -> configure(signed));
  }

  private void enqueue(Runnable work) {
    if (!queue.offer(work)) {
      LOG.log(Level.ERROR, "more than {0} commands wait; one is thrown away", WAITING);
    }
  }

  private void work() {
    try {
      while (true) {
        queue.take().run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void carryOut(SignedCommand signed) {
    long started = micros();
    Command command;
    try {
      command = verifier.signed(signed);
    } catch (Refused e) {
      // Whose command it is cannot be believed either; the bytes name one all the same.
      LOG.log(Level.WARNING, "command refused: {0}", e.getMessage());
      replies.add(refusal(unverifiedId(signed), e, started).build());
      return;
    }
    CommandResult.Builder result;
    try {
      result = admitted(command, started);
    } catch (Refused e) {
      if (e.code().equals("replayed") && replies.isKept(command.getCommandId())) {
        LOG.log(
            Level.INFO, "command {0} came again; its result is on its way", command.getCommandId());
        return;
      }
      result = refusal(command.getCommandId(), e, started);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      result = Replies.interrupted(accepted(command, started), micros()).toBuilder();
    } catch (IOException | RuntimeException e) {
      result =
          refusal(
              command.getCommandId(),
              Refused.failed("failed", e.getClass().getSimpleName() + ": " + e.getMessage()),
              started);
    }
    result.setDryRun(command.getDryRun()).setFinishedTimeUs(micros());
    LOG.log(
        Level.INFO,
        "command {0} of {1} ({2}): {3} {4}",
        command.getActionCase(),
        command.getIssuedBy(),
        command.getReason(),
        result.getCode(),
        result.getDetail());
    keep(result.build());
  }

  private void keep(CommandResult result) {
    try {
      replies.keep(result);
    } catch (IOException e) {
      LOG.log(Level.ERROR, "a result is not on the disk: {0}", e.getMessage());
    }
  }

  private static CommandResult accepted(Command command, long started) {
    return CommandResult.newBuilder()
        .setCommandId(command.getCommandId())
        .setStatus(CommandStatus.COMMAND_STATUS_ACCEPTED)
        .setCode("accepted")
        .setStartedTimeUs(started)
        .setDryRun(command.getDryRun())
        .build();
  }

  private CommandResult.Builder admitted(Command command, long started)
      throws Refused, IOException, InterruptedException {
    verifier.admit(command);
    Action action = actions.get(command.getActionCase());
    if (action == null) {
      throw Refused.because("unknown", "this agent does not know that command");
    }
    if (!options.permitted().contains(command.getActionCase())) {
      throw Refused.because("not-permitted", "this machine's configuration does not permit it");
    }
    // On the disk first: whoever finds it there without a result knows that this was begun.
    replies.keep(accepted(command, started));
    Outcome outcome = action.perform(command);
    for (Map.Entry<String, Path> upload : outcome.uploads().entrySet()) {
      replies.upload(command.getCommandId(), upload.getKey(), upload.getValue());
    }
    return CommandResult.newBuilder()
        .setCommandId(command.getCommandId())
        .setStatus(CommandStatus.COMMAND_STATUS_SUCCEEDED)
        .setCode(command.getDryRun() ? "would-do" : "done")
        .setDetail(outcome.detail())
        .setStartedTimeUs(started)
        .addAllEvidence(outcome.evidence())
        .setOutput(outcome.output())
        .setQuarantineId(outcome.quarantineId());
  }

  private CommandResult.Builder refusal(String commandId, Refused refused, long started) {
    return CommandResult.newBuilder()
        .setCommandId(commandId)
        .setStatus(
            refused.wasTried()
                ? CommandStatus.COMMAND_STATUS_FAILED
                : CommandStatus.COMMAND_STATUS_REFUSED)
        .setCode(refused.code())
        .setDetail(String.valueOf(refused.getMessage()))
        .setStartedTimeUs(started)
        .setFinishedTimeUs(micros());
  }

  private static String unverifiedId(SignedCommand signed) {
    try {
      return Command.parseFrom(signed.getCommand()).getCommandId();
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      return "";
    }
  }

  private void configure(SignedConfiguration signed) {
    try {
      if (!options.permitted().contains(ActionCase.CHANGE_CONFIGURATION)) {
        throw Refused.because("not-permitted", "this machine's configuration does not permit it");
      }
      Configuration content = verifier.signed(signed);
      Outcome outcome = configuration.change(content.getVersion(), content.getContent(), false);
      configurationProblem = "";
      LOG.log(Level.INFO, "configuration: {0}", outcome.detail());
    } catch (Refused | IOException e) {
      String text = String.valueOf(e.getMessage());
      configurationProblem = text.substring(0, Math.min(LONGEST_PROBLEM, text.length()));
      LOG.log(Level.WARNING, "configuration refused: {0}", e.getMessage());
    }
  }

  /** Why the last configuration was refused; empty when it was not. */
  public String configurationProblem() {
    return configurationProblem;
  }

  private long micros() {
    return clock.millis() * 1000;
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join(2000);
  }
}
