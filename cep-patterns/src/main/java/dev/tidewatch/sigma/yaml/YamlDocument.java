package dev.tidewatch.sigma.yaml;

import java.util.Optional;

/**
 * One document of a file.
 *
 * @param root empty when the document could not be read, or holds nothing
 * @param firstError code of the first error in reading it; empty when there was none
 */
public record YamlDocument(Optional<YamlNode> root, Optional<String> firstError) {
  public boolean sound() {
    return firstError.isEmpty();
  }
}
