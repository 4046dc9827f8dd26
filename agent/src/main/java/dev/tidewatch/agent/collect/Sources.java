package dev.tidewatch.agent.collect;

import dev.tidewatch.events.v1.SourceHint;

/** Sigma's log sources that the agent names itself. */
public final class Sources {
  public static final SourceHint PROCESS_CREATION = category("process_creation");
  public static final SourceHint PROCESS_TERMINATION = category("process_termination");
  public static final SourceHint NETWORK_CONNECTION = category("network_connection");
  public static final SourceHint FILE_EVENT = category("file_event");
  public static final SourceHint FILE_CHANGE = category("file_change");
  public static final SourceHint FILE_DELETE = category("file_delete");

  /** Says what it is by its own fields. */
  public static final SourceHint RECOGNISED = SourceHint.getDefaultInstance();

  private Sources() {}

  private static SourceHint category(String category) {
    return SourceHint.newBuilder().setProduct(product()).setCategory(category).build();
  }

  /** {@code linux}, {@code windows} or {@code macos}. */
  public static String product() {
    String name = System.getProperty("os.name", "").toLowerCase(java.util.Locale.ROOT);
    return name.startsWith("windows") ? "windows" : name.startsWith("mac") ? "macos" : "linux";
  }

  /** A service of this platform, e.g. {@code sshd}. */
  public static SourceHint service(String service) {
    return SourceHint.newBuilder().setProduct(product()).setService(service).build();
  }
}
