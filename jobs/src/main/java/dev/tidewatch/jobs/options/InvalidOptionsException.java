package dev.tidewatch.jobs.options;

import java.util.List;

/** Options that cannot be used; every problem at once, each naming its key. */
public final class InvalidOptionsException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;
  private final transient List<String> problems;

  public InvalidOptionsException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
    this.problems = List.copyOf(problems);
  }

  /** One line each, beginning with the key. */
  public List<String> problems() {
    return problems;
  }
}
