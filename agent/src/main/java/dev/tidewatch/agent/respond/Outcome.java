package dev.tidewatch.agent.respond;

import com.google.protobuf.ByteString;
import dev.tidewatch.ingest.v1.Evidence;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What an action did, or would do.
 *
 * @param detail one line for humans
 * @param output JSON for programs; empty: none
 * @param quarantineId of a quarantined file; empty: none
 * @param uploads files to send up, by upload id
 */
record Outcome(
    String detail,
    List<Evidence> evidence,
    ByteString output,
    String quarantineId,
    Map<String, Path> uploads) {
  static Outcome of(String detail) {
    return new Outcome(detail, List.of(), ByteString.EMPTY, "", Map.of());
  }

  static Outcome of(String detail, Evidence evidence, String quarantineId) {
    return new Outcome(detail, List.of(evidence), ByteString.EMPTY, quarantineId, Map.of());
  }

  static Outcome withOutput(String detail, ByteString output) {
    return new Outcome(detail, List.of(), output, "", Map.of());
  }
}
