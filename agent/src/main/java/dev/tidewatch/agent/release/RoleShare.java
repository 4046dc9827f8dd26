package dev.tidewatch.agent.release;

/** How many keys a role has, and how many have to sign. */
public record RoleShare(int threshold, int keys) {
  private static final int MOST = 16;

  /**
   * @throws IllegalArgumentException when more have to sign than can
   */
  public RoleShare {
    if (threshold < 1 || keys < threshold || keys > MOST) {
      throw new IllegalArgumentException(
          threshold + "/" + keys + ": at least 1 of at most " + MOST + " keys has to sign");
    }
  }

  /** Reads {@code 2/3}: two of three keys have to sign. */
  public static RoleShare parse(String text) {
    if (!text.matches("[0-9]{1,2}/[0-9]{1,2}")) {
      throw new IllegalArgumentException("\"" + text + "\" is not of the form 2/3");
    }
    String[] parts = text.split("/", -1);
    return new RoleShare(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
  }
}
