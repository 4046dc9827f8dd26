package dev.tidewatch.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configurator;

/**
 * Where log lines go. Commands write warnings to standard error; servers write everything into
 * files of their data directory.
 */
final class Logs {
  private Logs() {}

  /** Sends the log of this process to {@code directory/tidewatch.log} from now on. */
  static void into(Path directory) {
    System.setProperty("tidewatch.logs", directory.toString());
    LoggerContext context =
        Configurator.initialize("servers", "classpath:log4j2-servers.properties");
    context.reconfigure();
  }

  /** Standard error as it was when the process began; for what must reach the terminal. */
  static PrintStream terminal() {
    return System.err;
  }
}
