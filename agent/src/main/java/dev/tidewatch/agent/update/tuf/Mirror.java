package dev.tidewatch.agent.update.tuf;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Where a repository's files come from. Nothing it says is trusted. */
public interface Mirror {
  /**
   * @param path below the repository, e.g. {@code 3.root.json}
   * @return empty when the mirror does not have it
   * @throws IOException when the mirror cannot be reached or does not answer
   */
  Optional<InputStream> open(String path) throws IOException;
}
