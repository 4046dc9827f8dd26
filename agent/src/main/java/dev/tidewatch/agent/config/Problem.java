package dev.tidewatch.agent.config;

/**
 * What is wrong with a configuration.
 *
 * @param line counted from 1; 0: not about a line
 * @param message names the key, and what to write instead
 */
public record Problem(int line, String message) {
  public String at(String file) {
    return line == 0 ? file + ": " + message : file + ":" + line + ": " + message;
  }
}
