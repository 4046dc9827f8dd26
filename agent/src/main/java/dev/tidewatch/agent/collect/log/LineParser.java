package dev.tidewatch.agent.collect.log;

import com.google.protobuf.ByteString;
import dev.tidewatch.agent.collect.Payload;
import dev.tidewatch.agent.collect.Sources;
import dev.tidewatch.events.v1.SourceHint;
import java.time.Instant;
import java.util.Optional;

/**
 * Makes an event of a line: of a line of auditd its fields, of a syslog line its time, host,
 * program and message, of a JSON object itself. What is none of these is a message.
 */
final class LineParser {
  /**
   * @param json the payload
   */
  record Line(SourceHint source, ByteString json) {}

  private LineParser() {}

  static Line parse(String line, String file, boolean cut, Instant now) {
    if (!cut && line.startsWith("{") && line.endsWith("}")) {
      return new Line(Sources.RECOGNISED, ByteString.copyFromUtf8(line));
    }
    Optional<Payload> audit = AuditLine.parse(line);
    if (audit.isPresent()) {
      return finished(Sources.RECOGNISED, audit.get(), cut);
    }
    Optional<SyslogLine> syslog = SyslogLine.parse(line, now);
    if (syslog.isPresent()) {
      return finished(Sources.RECOGNISED, syslog.get().payload(), cut);
    }
    Payload payload =
        new Payload().put("timestamp", now.toString()).put("message", line).put("file", file);
    return finished(Sources.service("syslog"), payload, cut);
  }

  private static Line finished(SourceHint source, Payload payload, boolean cut) {
    if (cut) {
      payload.put("truncated", "true");
    }
    return new Line(source, payload.json());
  }
}
