package dev.tidewatch.agent.respond;

import com.google.protobuf.ByteString;
import dev.tidewatch.agent.config.ConfigurationException;
import dev.tidewatch.ingest.v1.Command;
import java.io.IOException;

/** Another configuration, checked as a whole before it is kept. */
final class ConfigurationAction implements Action {
  private final ConfigurationTarget target;

  ConfigurationAction(ConfigurationTarget target) {
    this.target = target;
  }

  @Override
  public Outcome perform(Command command) throws Refused, IOException {
    return change(
        command.getChangeConfiguration().getVersion(),
        command.getChangeConfiguration().getContent(),
        command.getDryRun());
  }

  Outcome change(long version, ByteString content, boolean dryRun) throws Refused, IOException {
    if (Long.compareUnsigned(version, target.version()) <= 0) {
      throw Refused.because("outdated", "version " + version + " is not above " + target.version());
    }
    if (!content.isValidUtf8()) {
      throw Refused.because("malformed", "the configuration is no UTF-8");
    }
    try {
      target.check(content.toStringUtf8());
      if (dryRun) {
        return Outcome.of("would change to version " + version);
      }
      target.change(version, content.toStringUtf8());
      return Outcome.of("changed to version " + version);
    } catch (ConfigurationException e) {
      throw Refused.failed("malformed", String.valueOf(e.getMessage()));
    }
  }
}
