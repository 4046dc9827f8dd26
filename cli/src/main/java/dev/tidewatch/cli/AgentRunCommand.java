package dev.tidewatch.cli;

import dev.tidewatch.agent.AgentFiles;
import dev.tidewatch.agent.AgentRun;
import dev.tidewatch.agent.config.ConfigurationException;
import dev.tidewatch.agent.enroll.Identity;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidewatch agent run}: until Ctrl-C. */
@Command(
    name = "run",
    description = "Watches this machine until Ctrl-C. Run it as root to see everything.")
final class AgentRunCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin AgentPlace place;

  @Option(
      names = "--local",
      description = "Enrol with the tidewatch up that runs here, and watch this machine with it.")
  boolean local;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "With --local: the data directory of that up. Default: as for up.")
  Path data = Installation.defaultData();

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    AgentFiles files = local ? localFiles() : place.files();
    AgentRun run = new AgentRun(files);
    try {
      if (local) {
        enrollLocally(run, out);
      }
      Identity identity =
          run.identity()
              .orElseThrow(
                  () ->
                      new CommandFailedException(
                          "not enrolled: run tidewatch agent enroll, or agent run --local"));
      out.println("Watching this machine as " + identity + ". Stop with Ctrl-C.");
      CountDownLatch stop = new CountDownLatch(1);
      Shutdown.onSignal(stop);
      Thread waiter = new Thread(() -> stopAfter(stop, run), "agent-stop");
      waiter.setDaemon(true);
      waiter.start();
      run.run();
      return Tidewatch.OK;
    } catch (ConfigurationException | IOException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()));
    } finally {
      Shutdown.finished();
    }
  }

  private static void stopAfter(CountDownLatch stop, AgentRun run) {
    try {
      stop.await();
      run.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private AgentFiles localFiles() {
    boolean given = !place.state.equals(AgentFiles.INSTALLED.state());
    return new AgentFiles(given ? place.state : data.resolve("agent"), place.config);
  }

  /** Again when the stack was set up anew: then its authority is another one. */
  private void enrollLocally(AgentRun run, PrintWriter out)
      throws IOException, InterruptedException {
    LocalGateway gateway = LocalGateway.find(data);
    Identity known = run.identity().orElse(null);
    if (known == null || !gateway.issued(known)) {
      Identity identity = run.enroll(gateway.endpoint(), gateway.mintToken());
      out.println("Enrolled with the gateway on " + identity.endpoint() + ".");
    } else if (!known.endpoint().equals(gateway.endpoint())) {
      run.moveTo(gateway.endpoint());
    }
  }
}
