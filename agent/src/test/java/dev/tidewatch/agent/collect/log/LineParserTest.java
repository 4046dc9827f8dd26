package dev.tidewatch.agent.collect.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineParserTest {
  private static final Instant NOW = Instant.parse("2026-01-02T12:00:00Z");

  private static String json(String line) {
    return LineParser.parse(line, "/var/log/x", false, NOW).json().toStringUtf8();
  }

  @Test
  void readsSyslogWithBothKindsOfTime() {
    assertThat(
            json(
                "2026-01-02T11:59:58.123456+00:00 web-1 sshd[812]: Accepted password for root from 203.0.113.5 port 50122 ssh2"))
        .isEqualTo(
            "{\"timestamp\":\"2026-01-02T11:59:58.123456Z\",\"host\":\"web-1\",\"program\":\"sshd\","
                + "\"pid\":\"812\",\"message\":\"Accepted password for root from 203.0.113.5 port"
                + " 50122 ssh2\",\"result\":\"Accepted\",\"method\":\"password\",\"user\":\"root\","
                + "\"src_ip\":\"203.0.113.5\",\"src_port\":\"50122\"}");
    assertThat(json("Jan  2 11:00:00 web-1 CRON[9]: (root) CMD (run-parts /etc/cron.hourly)"))
        .contains("\"program\":\"CRON\"", "\"command\":\"run-parts /etc/cron.hourly\"");
    // December in January is last year's.
    assertThat(json("Dec 31 23:00:00 web-1 kernel: hello")).contains("\"timestamp\":\"2025-12-31T");
    assertThat(
            json(
                "Jan 2 11:00:00 web-1 sudo: ann : TTY=pts/0 ; PWD=/home/ann ; USER=root ; COMMAND=/bin/ls"))
        .contains("{\"timestamp\"");
    assertThat(
            json(
                "Jan  2 11:00:00 web-1 sudo:   ann : TTY=pts/0 ; PWD=/home/ann ; USER=root ; COMMAND=/bin/ls -l"))
        .contains("\"user\":\"ann\"", "\"run_as\":\"root\"", "\"command\":\"/bin/ls -l\"");
  }

  @Test
  void readsAuditRecordsAndDecodesWhatAuditdEncoded() {
    assertThat(
            json(
                "type=EXECVE msg=audit(1795166043.120:48211): argc=3 a0=\"sh\" a1=\"-c\""
                    + " a2=6563686F206869"))
        .contains("\"type\":\"EXECVE\"", "\"time\":\"1795166043.120\"", "\"serial\":\"48211\"")
        .contains("\"a0\":\"sh\"", "\"a2\":\"echo hi\"", "\"raw\":\"type=EXECVE");
    assertThat(
            json(
                "node=db type=SYSCALL msg=audit(1795166043.120:48211): arch=c000003e syscall=313"
                    + " success=yes a0=3 comm=\"load\" exe=\"/tmp/load\" key=(null)"
                    + "\u001dARCH=x86_64 SYSCALL=finit_module"))
        .contains("\"node\":\"db\"", "\"arch\":\"c000003e\"", "\"exe\":\"/tmp/load\"")
        .contains("\"SYSCALL\":\"finit_module\"", "\"a0\":\"3\"");
    assertThat(
            json(
                "type=USER_AUTH msg=audit(1.2:3): pid=1 uid=0 msg='op=PAM:authentication"
                    + " acct=\"root\" exe=\"/usr/bin/su\" res=failed'"))
        .contains("\"acct\":\"root\"", "\"res\":\"failed\"");
  }

  @Test
  void passesJsonThroughAndTakesAllElseForAMessage() {
    assertThat(json("{\"a\": 1}")).isEqualTo("{\"a\": 1}");
    assertThat(json("anything \"else\""))
        .contains("\"message\":\"anything \\\"else\\\"\"", "\"file\":\"/var/log/x\"");
    assertThat(LineParser.parse("{\"cut", "/x", true, NOW).json().toStringUtf8())
        .contains("\"truncated\":\"true\"");
  }

  @Test
  void survivesAnyLine() {
    Random random = new Random(11);
    String alphabet = "type=audit():msg '\"\\{}[]: \u001d\n0Aa1.-Jan2Z";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder line = new StringBuilder(i % 3 == 0 ? "type=X msg=audit(1.1:1): " : "");
      for (int j = random.nextInt(60); j > 0; j--) {
        line.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      assertThat(json(line.toString())).startsWith("{");
    }
  }
}
