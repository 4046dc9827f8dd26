package dev.tidewatch.agent.release;

import java.io.IOException;
import java.nio.file.Path;

/** Makes patches for tests of other packages. */
public final class PatchTrial {
  private PatchTrial() {}

  public static boolean make(Path old, Path fresh, Path patch) throws IOException {
    return PatchMaker.make(old, fresh, patch);
  }
}
