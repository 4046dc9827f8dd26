package dev.tidewatch.control.gateway.syslog;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One syslog message as an event: {@code timestamp}, {@code host}, {@code program}, {@code pid},
 * {@code message}, {@code facility}, {@code severity}, and what RFC 5424 has besides; of CEF
 * inside, its fields. Anything is a message: what has no header is all {@code message}.
 */
final class SyslogMessage {
  private static final String[] FACILITIES = {
    "kern",
    "user",
    "mail",
    "daemon",
    "auth",
    "syslog",
    "lpr",
    "news",
    "uucp",
    "cron",
    "authpriv",
    "ftp",
    "ntp",
    "audit",
    "alert",
    "clock",
    "local0",
    "local1",
    "local2",
    "local3",
    "local4",
    "local5",
    "local6",
    "local7"
  };
  private static final String[] SEVERITIES = {
    "emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"
  };
  private static final Pattern PRIORITY = Pattern.compile("<([0-9]{1,3})>");

  /** TIMESTAMP HOST APP PROCID MSGID, then structured data and the message. */
  private static final Pattern RFC_5424 =
      Pattern.compile(
          "1 (\\S{1,64}) (\\S{1,255}) (\\S{1,128}) (\\S{1,128}) (\\S{1,32}) (?=[-\\[])");

  /** {@code Oct 1 22:14:15}, or the ISO form that rsyslog can write. */
  private static final Pattern RFC_3164_TIME =
      Pattern.compile(
          "(?:([A-Z][a-z]{2} [ 0-9]?[0-9] [0-9]{2}:[0-9]{2}:[0-9]{2})|"
              + "([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,18}(?:Z|[+-][0-9]{2}:?[0-9]{2})?)) ");

  private static final Pattern HOST = Pattern.compile("([A-Za-z0-9._:-]{1,255}) ");
  private static final Pattern TAG =
      Pattern.compile(
          "([A-Za-z0-9_./-]{1,64}|\\([A-Za-z0-9_./-]{1,62}\\))(?:\\[([0-9]{1,10})\\])?: ?");

  private final SyslogTimes times;

  SyslogMessage(ZoneId zone, Clock clock) {
    this.times = new SyslogTimes(zone, clock);
  }

  ObjectNode read(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8).stripTrailing();
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    String rest = priority(text, event);
    Matcher modern = RFC_5424.matcher(rest);
    String message = modern.lookingAt() ? modern(modern, rest, event) : traditional(rest, event);
    int cef = message.indexOf("CEF:");
    if (cef >= 0 && Cef.read(message.substring(cef), event)) {
      event.remove("program");
    } else {
      event.put("message", message);
    }
    return event;
  }

  private static String priority(String text, ObjectNode event) {
    Matcher priority = PRIORITY.matcher(text);
    if (!priority.lookingAt()) {
      return text;
    }
    int value = Integer.parseInt(priority.group(1));
    if (value < FACILITIES.length * 8) {
      event.put("facility", FACILITIES[value >> 3]).put("severity", SEVERITIES[value & 7]);
    }
    return text.substring(priority.end());
  }

  private String modern(Matcher header, String rest, ObjectNode event) {
    put(event, "timestamp", times.iso(header.group(1)));
    put(event, "host", present(header.group(2)));
    put(event, "program", present(header.group(3)));
    put(event, "pid", present(header.group(4)));
    put(event, "msgid", present(header.group(5)));
    int message = StructuredData.read(rest, header.end(), event);
    String text = rest.substring(message).stripLeading();
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  private String traditional(String rest, ObjectNode event) {
    Matcher time = RFC_3164_TIME.matcher(rest);
    if (!time.lookingAt()) {
      // rsyslog's and journald's forwarding always writes a time; what has none may have a tag.
      return tag(rest, event);
    }
    put(
        event,
        "timestamp",
        time.group(1) != null ? times.rfc3164(time.group(1)) : times.iso(time.group(2)));
    String after = rest.substring(time.end());
    Matcher host = HOST.matcher(after);
    // Local senders leave the host out: then the tag with its colon comes at once.
    if (host.lookingAt() && !host.group(1).endsWith(":")) {
      event.put("host", host.group(1));
      after = after.substring(host.end());
    }
    return tag(after, event);
  }

  private static String tag(String text, ObjectNode event) {
    Matcher tag = TAG.matcher(text);
    if (!tag.lookingAt() || tag.group(1).equals("CEF")) {
      return text;
    }
    event.put("program", program(tag.group(1)));
    put(event, "pid", tag.group(2));
    return text.substring(tag.end());
  }

  /** {@code (CRON)} and {@code /usr/sbin/cron} are cron's. */
  private static String program(String tag) {
    String bare = tag.startsWith("(") ? tag.substring(1, tag.length() - 1) : tag;
    return bare.startsWith("/") ? bare.substring(bare.lastIndexOf('/') + 1) : bare;
  }

  private static @Nullable String present(String value) {
    return value.equals("-") ? null : value;
  }

  private static void put(ObjectNode event, String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      event.put(name, value);
    }
  }
}
