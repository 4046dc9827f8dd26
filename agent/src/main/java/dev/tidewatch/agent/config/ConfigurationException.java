package dev.tidewatch.agent.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used; the message has a line for each problem. */
public final class ConfigurationException extends Exception {
  private static final long serialVersionUID = 1L;

  public ConfigurationException(String file, List<Problem> problems) {
    super(problems.stream().map(p -> p.at(file)).collect(Collectors.joining("\n")));
  }
}
