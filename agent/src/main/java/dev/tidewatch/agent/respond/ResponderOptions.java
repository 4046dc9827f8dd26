package dev.tidewatch.agent.respond;

import dev.tidewatch.ingest.v1.Command.ActionCase;
import java.nio.file.Path;
import java.util.Set;

/**
 * @param permitted kinds of commands that this machine carries out
 * @param state directory of the agent's own files
 * @param maxCollectBytes of one collection, uncompressed
 */
public record ResponderOptions(
    Set<ActionCase> permitted,
    Path state,
    long maxCollectBytes,
    int maxCollectFiles,
    Path osqueryi,
    Path nft) {
  public ResponderOptions {
    permitted = Set.copyOf(permitted);
  }
}
