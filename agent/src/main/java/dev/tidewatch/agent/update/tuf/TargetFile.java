package dev.tidewatch.agent.update.tuf;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * A file that may be trusted, once its length and hashes hold.
 *
 * @param path below the repository's {@code targets/}
 * @param length in bytes
 * @param hashes by name, in hexadecimal; at least {@code sha256}
 * @param custom what its publisher says about it
 */
public record TargetFile(
    String path, long length, Map<String, String> hashes, Map<String, Object> custom) {
  private static final Pattern PATH =
      Pattern.compile(
          "[A-Za-z0-9_][A-Za-z0-9_.+-]{0,127}(/[A-Za-z0-9_][A-Za-z0-9_.+-]{0,127}){0,7}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  static TargetFile of(String path, Fields fields) throws TufException {
    if (!PATH.matcher(path).matches()) {
      throw new TufException(
          TufException.Reason.MALFORMED,
          "a target's path has to be names of letters, digits and . _ + - between slashes: "
              + path.replaceAll("[^ -~]", "?"));
    }
    Map<String, String> hashes = fields.texts("hashes");
    if (!SHA256.matcher(hashes.getOrDefault("sha256", "")).matches()) {
      throw fields.problem("hashes.sha256", "64 hexadecimal digits");
    }
    long length = fields.number("length");
    if (length < 0) {
      throw fields.problem("length", "0 or more");
    }
    return new TargetFile(
        path, length, hashes, fields.has("custom") ? fields.object("custom").values() : Map.of());
  }

  /** Where it lies in a repository, with or without consistent snapshots. */
  public String location(boolean consistent) {
    int name = path.lastIndexOf('/') + 1;
    return "targets/"
        + path.substring(0, name)
        + (consistent ? hashes.get("sha256") + "." : "")
        + path.substring(name);
  }
}
