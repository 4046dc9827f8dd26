package dev.tidewatch.embedded.clickhouse;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code multipart/form-data} with small text fields, as drivers send long parameters. */
final class FormFields {
  private static final Pattern BOUNDARY =
      Pattern.compile("boundary=(?:\"([^\"]{1,100})\"|([^;\\s]{1,100}))");
  private static final Pattern NAME = Pattern.compile("\\bname=\"([^\"]{1,300})\"");

  static boolean isForm(String contentType) {
    return contentType.regionMatches(true, 0, "multipart/form-data", 0, 19);
  }

  /** Adds each field of the body as if it had come in the URL. */
  static void addTo(RequestParameters parameters, byte[] body, String contentType) {
    Matcher boundary = BOUNDARY.matcher(contentType);
    if (!boundary.find()) {
      throw malformed("no boundary");
    }
    String quoted = boundary.group(1);
    String delimiter = "\r\n--" + (quoted != null ? quoted : boundary.group(2));
    // One char per byte keeps offsets; values are turned back into bytes below.
    String text = "\r\n" + new String(body, ISO_8859_1);
    int part = text.indexOf(delimiter);
    while (part >= 0) {
      int start = part + delimiter.length();
      if (text.startsWith("--", start)) {
        return;
      }
      int end = text.indexOf(delimiter, start);
      if (end < 0) {
        throw malformed("a field does not end");
      }
      addField(parameters, text.substring(start, end));
      part = end;
    }
    throw malformed("no end");
  }

  private static void addField(RequestParameters parameters, String part) {
    int blank = part.indexOf("\r\n\r\n");
    Matcher name = NAME.matcher(blank < 0 ? "" : part.substring(0, blank));
    if (!name.find()) {
      throw malformed("a field has no name");
    }
    String value = new String(part.substring(blank + 4).getBytes(ISO_8859_1), UTF_8);
    parameters.add(new String(name.group(1).getBytes(ISO_8859_1), UTF_8), value);
  }

  private static ClickHouseException malformed(String what) {
    return ClickHouseException.of(
        ClickHouseException.BAD_ARGUMENTS, "BAD_ARGUMENTS", "Malformed multipart form: " + what);
  }

  private FormFields() {}
}
