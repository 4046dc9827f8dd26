package dev.tidewatch.agent.collect.log;

import dev.tidewatch.agent.collect.Payload;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line as syslog daemons write it: {@code Nov 21 12:00:00 host program[pid]: message}, or with an
 * ISO 8601 time in front.
 *
 * @param pid empty: the line names none
 */
record SyslogLine(Instant time, String host, String program, String pid, String message) {
  private static final Pattern LINE =
      Pattern.compile(
          "(?:(\\d{4}-\\d\\d-\\d\\dT\\S{8,30})|([A-Z][a-z]{2}) ([ \\d]\\d) (\\d\\d):(\\d\\d):(\\d\\d))"
              + " (\\S{1,255}) ([^\\s:\\[]{1,128})(?:\\[(\\d{1,10})])?: (.*)",
          Pattern.DOTALL);
  private static final List<String> MONTHS =
      List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");
  private static final Pattern SSH_LOGON =
      Pattern.compile(
          "(Accepted|Failed) (\\S+) for (?:invalid user )?(\\S+) from (\\S+) port (\\d+).*");
  private static final Pattern SUDO =
      Pattern.compile("\\s*(\\S+) : .*?PWD=(.*?) ; USER=(\\S+) ; COMMAND=(.*)");
  private static final Pattern CRON = Pattern.compile("\\((\\S+)\\) CMD \\((.*)\\)");

  static Optional<SyslogLine> parse(String line, Instant now) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      String iso = matcher.group(1);
      Instant time = iso == null ? local(matcher, now) : OffsetDateTime.parse(iso).toInstant();
      String pid = matcher.group(9);
      return Optional.of(
          new SyslogLine(
              time, matcher.group(7), matcher.group(8), pid == null ? "" : pid, matcher.group(10)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Without a year: this one's, or last year's when that would be more than a day ahead. */
  private static Instant local(Matcher matcher, Instant now) {
    ZoneId zone = ZoneId.systemDefault();
    int month = MONTHS.indexOf(matcher.group(2)) + 1;
    int year = now.atZone(zone).getYear();
    LocalDateTime time =
        LocalDateTime.of(
            year,
            month,
            Integer.parseInt(matcher.group(3).strip()),
            Integer.parseInt(matcher.group(4)),
            Integer.parseInt(matcher.group(5)),
            Integer.parseInt(matcher.group(6)));
    boolean ahead = time.atZone(zone).toInstant().isAfter(now.plusSeconds(86_400));
    return (ahead ? time.minusYears(1) : time).atZone(zone).toInstant();
  }

  Payload payload() {
    Payload payload =
        new Payload()
            .put("timestamp", time.toString())
            .put("host", host)
            .put("program", program)
            .put("pid", pid)
            .put("message", message);
    if (program.startsWith("sshd")) {
      put(payload, SSH_LOGON, "result", "method", "user", "src_ip", "src_port");
    } else if (program.equals("sudo")) {
      put(payload, SUDO, "user", "directory", "run_as", "command");
    } else if (program.equalsIgnoreCase("cron") || program.equals("crond")) {
      put(payload, CRON, "user", "command");
    }
    return payload;
  }

  private void put(Payload payload, Pattern pattern, String... names) {
    Matcher matcher = pattern.matcher(message);
    if (matcher.matches()) {
      for (int i = 0; i < names.length; i++) {
        payload.put(names[i], matcher.group(i + 1));
      }
    }
  }
}
