package dev.tidewatch.agent.update;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Which version runs: the one file that an update changes, read by the launcher too.
 *
 * @param current version
 * @param previous version, to go back to; empty: there is none
 * @param trialSeconds within which the current version has to be confirmed; 0: it is
 */
public record ActiveVersion(String current, String previous, int trialSeconds) {
  static ActiveVersion parse(String text) throws IOException {
    Map<String, String> values = new HashMap<>();
    for (String line : text.split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        values.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    String current = values.getOrDefault("current", "");
    String previous = values.getOrDefault("previous", "");
    String trial = values.getOrDefault("trial", "0");
    if (!AgentVersion.isValid(current)
        || !(previous.isEmpty() || AgentVersion.isValid(previous))
        || !trial.matches("[0-9]{1,8}")) {
      throw new IOException("it does not say which version runs: write current=VERSION into it");
    }
    return new ActiveVersion(current, previous, Integer.parseInt(trial));
  }

  String text() {
    return "current=" + current + "\nprevious=" + previous + "\ntrial=" + trialSeconds + "\n";
  }
}
