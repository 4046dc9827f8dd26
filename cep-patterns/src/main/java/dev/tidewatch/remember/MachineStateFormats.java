package dev.tidewatch.remember;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;

/** The formats on the class path, by their number. */
final class MachineStateFormats {
  private static final Map<Integer, MachineStateFormat> BY_ID = load();

  private MachineStateFormats() {}

  private static Map<Integer, MachineStateFormat> load() {
    Map<Integer, MachineStateFormat> formats = new HashMap<>();
    ServiceLoader<MachineStateFormat> found =
        ServiceLoader.load(MachineStateFormat.class, MachineStateFormats.class.getClassLoader());
    for (MachineStateFormat format : found) {
      MachineStateFormat other = formats.put(format.id(), format);
      if (other != null) {
        throw new IllegalStateException(
            "state format "
                + format.id()
                + " is "
                + other.getClass()
                + " and "
                + format.getClass());
      }
    }
    return Map.copyOf(formats);
  }

  static MachineStateFormat get(int id) throws IOException {
    MachineStateFormat format = BY_ID.get(id);
    if (format == null) {
      throw new IOException("no state format " + id + " on the class path: " + BY_ID.keySet());
    }
    return format;
  }
}
