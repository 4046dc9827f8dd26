package dev.tidewatch.jobs;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;

/** Arguments {@code --key value} and {@code --key=value}. */
final class Arguments {
  private Arguments() {}

  /**
   * @throws IllegalArgumentException naming every argument that is not of that form
   */
  static Configuration parse(String[] args) {
    Configuration configuration = new Configuration();
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < args.length; i++) {
      String argument = args[i];
      int equals = argument.indexOf('=');
      if (!argument.startsWith("--") || argument.length() == 2 || equals == 2) {
        problems.add(argument + ": is not --key value");
      } else if (equals > 0) {
        configuration.setString(argument.substring(2, equals), argument.substring(equals + 1));
      } else if (i + 1 < args.length) {
        configuration.setString(argument.substring(2), args[++i]);
      } else {
        problems.add(argument + ": has no value");
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join(System.lineSeparator(), problems));
    }
    return configuration;
  }
}
