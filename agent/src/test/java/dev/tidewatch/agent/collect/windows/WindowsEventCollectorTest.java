package dev.tidewatch.agent.collect.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidewatch.agent.collect.Emitter;
import dev.tidewatch.agent.collect.RecordingSink;
import dev.tidewatch.agent.collect.RunningCollector;
import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.v1.TelemetryEvent;
import dev.tidewatch.ingest.v1.AgentEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class WindowsEventCollectorTest {
  private static final String SYSMON = "Microsoft-Windows-Sysmon/Operational";

  @TempDir Path directory;
  private final FakeEventLog windows = new FakeEventLog();
  private final RecordingSink sink = new RecordingSink();
  private final Emitter emitter = sink.emitter("windows");

  private WindowsEventCollector collector(boolean fromBeginning, String... channels) {
    return new WindowsEventCollector(
        new WindowsEventOptions(
            List.of(channels), fromBeginning, 100_000, directory.resolve("bookmarks")),
        windows::open);
  }

  /** As {@code EvtRender} gives it. */
  private static String event(int record, String data) {
    return """
        <Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Sysmon' Guid='{5770385f-c22a-43e0-bf4c-06f5698ffbd9}'/><EventID>1</EventID><Version>5</Version><Level>4</Level><Task>1</Task><Opcode>0</Opcode><Keywords>0x8000000000000000</Keywords><TimeCreated SystemTime='2026-11-21T12:00:00.1234567Z'/><EventRecordID>%d</EventRecordID><Correlation/><Execution ProcessID='1' ThreadID='2'/><Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>ws1</Computer><Security UserID='S-1-5-18'/></System><EventData>%s</EventData></Event>"""
        .formatted(record, data);
  }

  private static String process(String commandLine) {
    return "<Data Name='Image'>C:\\Windows\\System32\\cmd.exe</Data><Data Name='CommandLine'>"
        + commandLine
        + "</Data>";
  }

  @Test
  void theAgentsEventsAreReadAsThoseOfOtherTools() throws Exception {
    windows.channel(SYSMON);
    windows.log(SYSMON, event(7, process("cmd.exe /c &quot;whoami &amp; x&quot;")));
    try (RunningCollector running = new RunningCollector(collector(true, SYSMON), emitter)) {
      await().until(() -> sink.events().size() == 1);
      assertThat(running.failure()).isNull();
    }
    AgentEvent told = sink.events().get(0);
    assertThat(told.getOrigin()).isEqualTo("windows:" + SYSMON);
    assertThat(sink.payloads().get(0))
        .startsWith("{\"Event\":{\"System\":{")
        .contains("\"Provider\":{\"#attributes\":{\"Name\":\"Microsoft-Windows-Sysmon\"")
        .contains("\"EventID\":1,\"Version\":5")
        .contains("\"EventRecordID\":7,\"Correlation\":null")
        .contains("\"EventData\":{\"Image\":\"C:\\\\Windows\\\\System32\\\\cmd.exe\"");
    EventDocument document =
        EventDocument.parse(
            TelemetryEvent.newBuilder()
                .setTenantId("t")
                .setEventId(told.getEventId())
                .setObservedTimeUs(told.getObservedTimeUs())
                .setSource(told.getSource())
                .setPayload(told.getPayload())
                .build());
    assertThat(document.logSources())
        .anySatisfy(source -> assertThat(source.toString()).contains("process_creation"));
  }

  @Test
  void goesOnBehindItsBookmarkAndLeavesOutChannelsThatAreNotThere() throws Exception {
    windows.channel("Security");
    windows.log("Security", event(0, "<Data Name='n'>before</Data>"));
    WindowsEventCollector first = collector(false, "Security", SYSMON);
    try (RunningCollector running = new RunningCollector(first, emitter)) {
      await()
          .until(
              () -> {
                windows.log("Security", event(1, "<Data Name='n'>seen</Data>"));
                return !sink.events().isEmpty();
              });
      await().until(() -> directory.resolve("bookmarks").toFile().exists());
      assertThat(running.failure()).isNull();
    }
    assertThat(sink.payloads()).noneMatch(json -> json.contains("before"));
    assertThat(windows.openHandles()).isZero();
    int told = sink.events().size();
    for (int i = 0; i < 200; i++) {
      windows.log("Security", event(i, "<Data Name='n'>missed-" + i + "</Data>"));
    }
    try (RunningCollector running = new RunningCollector(collector(false, "Security"), emitter)) {
      await().until(() -> sink.payloads().stream().anyMatch(json -> json.contains("missed-199")));
      assertThat(running.failure()).isNull();
    }
    assertThat(sink.payloads().stream().skip(told).filter(j -> j.contains("missed-")).distinct())
        .hasSize(200);
  }

  @Test
  void nothingIsLostWhenWindowsFailsInBetween() throws Exception {
    windows.channel("Security");
    for (int i = 0; i < 500; i++) {
      windows.log("Security", event(i, "<Data Name='n'>event-" + i + ".</Data>"));
    }
    windows.breakAfter(300);
    WindowsEventCollector collector = collector(true, "Security");
    RunningCollector failing = new RunningCollector(collector, emitter);
    await().until(() -> failing.failure() != null);
    assertThat(failing.failure()).hasMessageContaining("cleared or overwritten");
    assertThat(windows.openHandles()).isZero();
    windows.breakAfter(Integer.MAX_VALUE);
    try (RunningCollector running = new RunningCollector(collector, emitter)) {
      await().until(() -> sink.payloads().stream().anyMatch(j -> j.contains("event-499.")));
      assertThat(running.failure()).isNull();
    }
    for (int i = 0; i < 500; i++) {
      String one = "event-" + i + ".";
      assertThat(sink.payloads()).anyMatch(json -> json.contains(one));
    }
  }

  @Test
  void hugeAndBrokenEventsAreCountedAndTheRestGoesOn() throws Exception {
    windows.channel("Security");
    windows.log("Security", event(1, process("x".repeat(200_000))));
    windows.log("Security", "<Event><System>");
    windows.log("Security", "<!DOCTYPE Event [<!ENTITY x 'y'>]><Event>&x;</Event>");
    windows.log("Security", event(2, process("good")));
    try (RunningCollector running = new RunningCollector(collector(true, "Security"), emitter)) {
      await().until(() -> sink.events().size() == 1);
      assertThat(running.failure()).isNull();
    }
    assertThat(sink.payloads().get(0)).contains("good");
    assertThat(emitter.dropped()).isEqualTo(3);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void saysWhyItDoesNotRunElsewhere() {
    assertThat(collector(false, "Security").unavailable().orElseThrow())
        .contains("no Windows event log on ");
    assertThatThrownBy(NativeEventLog::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no Windows event log");
  }

  @Test
  void hostileXmlReadsNoFileAndDoesNotGrow() throws Exception {
    Path secret = java.nio.file.Files.writeString(directory.resolve("secret"), "s3cret");
    EventXml xml = new EventXml();
    for (String hostile :
        List.of(
            "<!DOCTYPE Event [<!ENTITY x SYSTEM '"
                + secret.toUri()
                + "'>]><Event><a>&x;</a></Event>",
            "<!DOCTYPE Event SYSTEM '" + secret.toUri() + "'><Event/>",
            "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><Event>&b;</Event>",
            "<Event>&unknown;</Event>",
            "<Event>" + "<a>".repeat(10_000),
            "<Event>" + "<a/>".repeat(10_000) + "</Event>",
            "<Other/>",
            "",
            "no xml")) {
      assertThatThrownBy(() -> xml.toJson(hostile))
          .as(hostile.substring(0, Math.min(60, hostile.length())))
          .isInstanceOf(IOException.class)
          .hasMessageNotContaining("s3cret");
    }
  }

  @Test
  void whatProgramsLogComesThroughWhateverItIs() throws Exception {
    EventXml xml = new EventXml();
    assertThat(xml.toJson(event(1, process("a\u0000b\u001b[31m\ud800\uffff]]&gt;"))).toStringUtf8())
        .contains("\"CommandLine\":\"a\ufffdb\ufffd[31m\ufffd\ufffd]]>\"");
    assertThat(xml.toJson(event(1, process("grin \ud83d\ude00"))).toStringUtf8())
        .contains("grin \\uD83D\\uDE00");
    assertThat(xml.toJson(event(1, "<Data>one</Data><Data>two</Data>")).toStringUtf8())
        .contains("\"EventData\":{\"Data\":{\"#text\":[\"one\",\"two\"]}}");
    assertThat(
            xml.toJson(
                    "<Event><System><EventID Qualifiers='16384'>7045</EventID></System>"
                        + "<UserData><LogFileCleared><SubjectUserName>a</SubjectUserName>"
                        + "</LogFileCleared></UserData></Event>")
                .toStringUtf8())
        .isEqualTo(
            "{\"Event\":{\"System\":{\"EventID\":{\"#attributes\":{\"Qualifiers\":\"16384\"},"
                + "\"#text\":7045}},\"UserData\":{\"LogFileCleared\":{\"SubjectUserName\":\"a\"}}}}");
  }

  @Test
  void anyTextEndsInJsonOrAnError() {
    EventXml xml = new EventXml();
    Random random = new Random(11);
    String[] pieces = {
      "<Event>",
      "</Event>",
      "<System>",
      "</System>",
      "<Data Name='a'>",
      "</Data>",
      "<![CDATA[",
      "]]>",
      "&amp;",
      "&#x0;",
      "&#65;",
      "<!--",
      "-->",
      "<?x y?>",
      "text",
      "\u0000",
      "\ud800",
      "'",
      "<"
    };
    List<String> outcomes = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      StringBuilder text = new StringBuilder("<Event>");
      for (int j = 0; j < random.nextInt(12); j++) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      try {
        outcomes.add(xml.toJson(text.append("</Event>").toString()).toStringUtf8());
      } catch (IOException e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
    }
    assertThat(outcomes).isNotEmpty().allMatch(json -> json.startsWith("{\"Event\":"));
  }
}
