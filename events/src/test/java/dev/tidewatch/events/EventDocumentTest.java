package dev.tidewatch.events;

import static dev.tidewatch.events.Events.parse;
import static dev.tidewatch.events.Events.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Fields, semantics rows 1, 2, 8, 11 and 12, and the places where senders put them. */
class EventDocumentTest {

  @Test
  void literalKeyWinsOverPath() throws Exception {
    EventDocument event = parse("{'a':{'b':'path'},'a.b':'literal','c':{'d.e':{'f':'mixed'}}}");
    assertThat(texts(event, "a.b")).containsExactly("literal");
    assertThat(texts(event, "c.d.e.f")).containsExactly("mixed");
    assertThat(event.field("a.b.c")).isEmpty();
    assertThat(event.field("A.b")).isEmpty();
  }

  @Test
  void arraysComeOutAsElements() throws Exception {
    EventDocument event =
        parse("{'a':['x',['y','z'],null],'o':[{'b':'1'},{'c':'2'},[{'b':['3','4']}]],'e':[]}");
    assertThat(texts(event, "a")).containsExactly("x", "y", "z", "null");
    assertThat(texts(event, "o.b")).containsExactly("1", "3", "4");
    assertThat(texts(event, "o.c")).containsExactly("2");
    assertThat(event.field("o.d")).isEmpty();
    assertThat(event.field("e")).singleElement().satisfies(e -> assertThat(e.isArray()).isTrue());
  }

  @Test
  void tellsMissingFromNull() throws Exception {
    EventDocument event = parse("{'n':null,'s':'','o':{'n':null}}");
    assertThat(event.field("n")).singleElement().matches(value -> value.isNull());
    assertThat(event.field("o.n")).singleElement().matches(value -> value.isNull());
    assertThat(texts(event, "s")).containsExactly("");
    assertThat(event.field("missing")).isEmpty();
    assertThat(event.field("o.missing")).isEmpty();
    assertThat(event.field("")).isEmpty();
    assertThat(event.field(".")).isEmpty();
  }

  @Test
  void spacesInNamesDoNotMatter() throws Exception {
    EventDocument event = parse("{'Source Name':'a','x':{'Threat  ID':'b'},'SourceName2':'c'}");
    assertThat(texts(event, "SourceName")).containsExactly("a");
    assertThat(texts(event, "Source Name")).containsExactly("a");
    assertThat(texts(event, "x.ThreatID")).containsExactly("b");
    assertThat(texts(event, "Source Name 2")).containsExactly("c");
    assertThat(event.field("sourcename")).isEmpty();
  }

  @Test
  void manyKeysDoNotMakeLookupsSlow() throws Exception {
    StringBuilder json = new StringBuilder("{'a b':1");
    for (int i = 0; i < 100_000; i++) {
      json.append(",'k").append(i).append("':1");
    }
    EventDocument event = parse(json.append('}').toString());
    assertTimeout(
        Duration.ofSeconds(20),
        () -> {
          for (int i = 0; i < 100_000; i++) {
            assertThat(event.field("missing" + i).isEmpty()).isTrue();
          }
        });
    assertThat(texts(event, "ab")).containsExactly("1");
  }

  @Test
  void exactNameWinsOverSpacedOne() throws Exception {
    EventDocument event = parse("{'Source Name':'spaced','SourceName':'exact'}");
    assertThat(texts(event, "SourceName")).containsExactly("exact");
    assertThat(texts(event, "Source Name")).containsExactly("spaced");
  }

  @Test
  void readsWindowsEventsAsEvtxDumpWritesThem() throws Exception {
    EventDocument event =
        parse(
            """
            {'Event':{'#attributes':{'xmlns':'x'},
              'System':{'Provider':{'#attributes':{'Name':'Microsoft-Windows-Sysmon','Guid':'g'}},
                'EventID':{'#attributes':{'Qualifiers':'0'},'#text':1},'Level':4,
                'TimeCreated':{'#attributes':{'SystemTime':'2024-05-01T10:00:00.123456Z'}},
                'Execution':{'#attributes':{'ProcessID':12}},
                'Channel':'Microsoft-Windows-Sysmon/Operational','Computer':'pc-7.example.org',
                'Security':null},
              'EventData':{'Image':'C:\\\\a.exe','Provider':'own'}}}
            """);
    assertThat(texts(event, "EventID")).containsExactly("1");
    assertThat(texts(event, "Provider_Name")).containsExactly("Microsoft-Windows-Sysmon");
    assertThat(texts(event, "Execution_ProcessID")).containsExactly("12");
    assertThat(texts(event, "Provider")).containsExactly("own");
    assertThat(texts(event, "Channel")).containsExactly("Microsoft-Windows-Sysmon/Operational");
    assertThat(texts(event, "Computer")).containsExactly("pc-7.example.org");
    assertThat(texts(event, "Image")).containsExactly("C:\\a.exe");
    assertThat(texts(event, "Event.System.Level")).containsExactly("4");
    assertThat(event.field("Security_UserID")).isEmpty();
    assertThat(event.host()).isEqualTo("pc-7.example.org");
    assertThat(event.timeMicros()).isEqualTo(1_714_557_600_123_456L);
    assertThat(event.logSource()).isEqualTo(new LogSource("windows", "process_creation", "sysmon"));
  }

  @Test
  void readsWindowsEventsAsXmlConvertersWriteThem() throws Exception {
    EventDocument event =
        parse(
            """
            {'Event':{'@xmlns':'x',
              'System':{'Provider':{'@Name':'Microsoft-Windows-Security-Auditing'},
                'EventID':{'@Qualifiers':'0','#text':'4688'},
                'TimeCreated':{'@SystemTime':'2024-05-01T10:00:00Z'},
                'Channel':'Security','Computer':'pc-7'},
              'EventData':{'Data':[{'@Name':'NewProcessName','#text':'C:\\\\cmd.exe'},
                {'@Name':'CommandLine','#text':'cmd /c whoami'},{'@Name':'Empty'}]}}}
            """);
    assertThat(texts(event, "NewProcessName")).containsExactly("C:\\cmd.exe");
    assertThat(texts(event, "Image")).containsExactly("C:\\cmd.exe");
    assertThat(texts(event, "Empty")).containsExactly("");
    assertThat(texts(event, "Provider_Name"))
        .containsExactly("Microsoft-Windows-Security-Auditing");
    assertThat(event.logSource())
        .isEqualTo(new LogSource("windows", "process_creation", "security"));
  }

  @Test
  void readsUnnamedEventData() throws Exception {
    String event =
        "{'Event':{'System':{'EventID':800,'Channel':'Windows PowerShell','Computer':'a'},"
            + "'EventData':{'Data':%s}}}";
    assertThat(texts(parse(event.formatted("['one','two']")), "Data"))
        .containsExactly("one", "two");
    assertThat(texts(parse(event.formatted("{'#text':['one','two']}")), "Data"))
        .containsExactly("one", "two");
    assertThat(texts(parse(event.formatted("'one'")), "Data")).containsExactly("one");
  }

  @Test
  void readsUserData() throws Exception {
    EventDocument event =
        parse(
            """
            {'Event':{'System':{'EventID':104,'Channel':'System','Computer':'a',
              'Provider':{'#attributes':{'Name':'Microsoft-Windows-Eventlog'}}},
              'UserData':{'LogFileCleared':{'SubjectUserName':'kim','Channel':'Setup'}}}}
            """);
    assertThat(texts(event, "SubjectUserName")).containsExactly("kim");
    assertThat(texts(event, "Channel")).containsExactly("Setup");
    assertThat(event.logSource()).isEqualTo(new LogSource("windows", "", "system"));
    assertThat(event.ocsf().classUid()).isEqualTo(1008);
  }

  @Test
  void readsWinlogbeat() throws Exception {
    EventDocument nested =
        parse(
            """
            {'@timestamp':'2024-05-01T10:00:00.000Z','host':{'name':'pc-7'},
             'winlog':{'channel':'Security','event_id':'4624','provider_name':'P',
               'computer_name':'pc-7.example.org','event_data':{'LogonType':'3'}},
             'message':'An account was logged on'}
            """);
    EventDocument flat =
        parse(
            """
            {'@timestamp':'2024-05-01T10:00:00.000Z','winlog.channel':'Security',
             'winlog.event_id':4624,'winlog.provider_name':'P',
             'winlog.computer_name':'pc-7.example.org','winlog.event_data.LogonType':'3'}
            """);
    for (EventDocument event : new EventDocument[] {nested, flat}) {
      assertThat(event.logSource()).isEqualTo(new LogSource("windows", "", "security"));
      assertThat(texts(event, "LogonType")).containsExactly("3");
      assertThat(texts(event, "EventID")).containsExactly("4624");
      assertThat(texts(event, "Channel")).containsExactly("Security");
      assertThat(texts(event, "Provider_Name")).containsExactly("P");
      assertThat(texts(event, "Computer")).containsExactly("pc-7.example.org");
      assertThat(event.host()).isEqualTo("pc-7.example.org");
    }
    assertThat(texts(nested, "Message")).containsExactly("An account was logged on");
  }

  @Test
  void readsFlatShippers() throws Exception {
    EventDocument event =
        parse(
            """
            {'EventTime':'2024-05-01 12:00:00','@timestamp':'2024-05-01T10:00:01Z',
             'Hostname':'pc-7','Channel':'security','EventID':4625,
             'SourceName':'Microsoft-Windows-Security-Auditing','TargetUserName':'kim'}
            """);
    assertThat(event.logSource()).isEqualTo(new LogSource("windows", "", "security"));
    assertThat(texts(event, "Provider_Name"))
        .containsExactly("Microsoft-Windows-Security-Auditing");
    assertThat(texts(event, "Computer")).containsExactly("pc-7");
    assertThat(event.host()).isEqualTo("pc-7");
    assertThat(event.timeMicros()).as("the time with a zone").isEqualTo(1_714_557_601_000_000L);
  }

  @Test
  void offersProcessCreationNamesForSecurity4688() throws Exception {
    EventDocument event =
        parse(
            """
            {'Channel':'Security','EventID':4688,'Hostname':'pc-7',
             'NewProcessName':'C:\\\\Windows\\\\System32\\\\whoami.exe','NewProcessId':'0x1a4',
             'ParentProcessName':'C:\\\\cmd.exe','ProcessId':'0x64','CommandLine':'whoami /all',
             'SubjectUserName':'kim','SubjectDomainName':'CORP','SubjectLogonId':'0x3e7',
             'MandatoryLabel':'S-1-16-12288'}
            """);
    assertThat(texts(event, "Image")).containsExactly("C:\\Windows\\System32\\whoami.exe");
    assertThat(texts(event, "ParentImage")).containsExactly("C:\\cmd.exe");
    assertThat(texts(event, "User")).containsExactly("CORP\\kim");
    assertThat(texts(event, "IntegrityLevel")).containsExactly("High");
    assertThat(texts(event, "LogonId")).containsExactly("0x3e7");
    assertThat(texts(event, "ProcessId")).as("the literal key wins").containsExactly("0x64");
    assertThat(texts(event, "ParentProcessId")).containsExactly("0x64");
    assertThat(event.field("OriginalFileName")).isEmpty();
  }

  @Test
  void offersRegistryNamesForSecurity4657() throws Exception {
    EventDocument event =
        parse(
            """
            {'Channel':'Security','EventID':4657,'Hostname':'pc-7',
             'ObjectName':'\\\\REGISTRY\\\\MACHINE\\\\SOFTWARE\\\\Run','ObjectValueName':'upd',
             'NewValue':'c:/x.exe','OperationType':'%%1904'}
            """);
    assertThat(texts(event, "TargetObject")).containsExactly("HKLM\\SOFTWARE\\Run\\upd");
    assertThat(texts(event, "Details")).containsExactly("c:/x.exe");
    assertThat(texts(event, "EventType")).containsExactly("SetValue");
    assertThat(event.isCoveredBy(new LogSource("windows", "registry_event", ""))).isTrue();
  }

  @Test
  void offersNetworkNamesForSecurity5156() throws Exception {
    EventDocument event =
        parse(
            """
            {'Channel':'Security','EventID':5156,'Hostname':'pc-7','Direction':'%%14593',
             'SourceAddress':'10.0.0.5','SourcePort':'51322','DestAddress':'198.51.100.24',
             'DestPort':'443','Protocol':'6','Application':'\\\\device\\\\x.exe'}
            """);
    assertThat(texts(event, "Initiated")).containsExactly("true");
    assertThat(texts(event, "DestinationIp")).containsExactly("198.51.100.24");
    assertThat(texts(event, "Image")).containsExactly("\\device\\x.exe");
    assertThat(event.ocsf().summary()).isEqualTo("10.0.0.5:51322 → 198.51.100.24:443 tcp");
  }

  @Test
  void listsScalarsAtAnyDepth() throws Exception {
    EventDocument event = parse("{'a':'x','b':[1,{'c':'y','d':true,'e':null}],'f':2.50}");
    assertThat(event.scalars()).containsExactly("x", "1", "y", "2.50");
  }

  @Test
  void prefersTheEnvelopesHost() throws Exception {
    EventDocument event =
        EventDocument.parse(Events.envelope("{'hostname':'inner'}").setHost("outer").build());
    assertThat(event.host()).isEqualTo("outer");
    assertThat(event.ocsf().columns()).containsEntry("device.hostname", "outer");
    assertThat(parse("{'hostname':'inner'}").host()).isEqualTo("inner");
    assertThat(parse("{'hostname':{'odd':1}}").host()).isEmpty();
  }

  @Test
  void readsLinuxAuditRecords() throws Exception {
    EventDocument event =
        parse(
            "{'type':'EXECVE','time':'1700000000.250','serial':'7','argc':'2','a0':'id','a1':'-u'}");
    assertThat(texts(event, "CommandLine")).containsExactly("id -u");
    assertThat(event.timeMicros()).isEqualTo(1_700_000_000_250_000L);
    EventDocument title =
        parse("{'type':'PROCTITLE','msg':'audit(1700000000.250:7)','proctitle':'6964002D75'}");
    assertThat(texts(title, "CommandLine")).containsExactly("id -u");
    assertThat(title.timeMicros()).isEqualTo(1_700_000_000_250_000L);
  }

  @Test
  void namesSystemCalls() throws Exception {
    String call = "{'type':'SYSCALL','serial':'7','arch':'%s','syscall':'%s'}";
    assertThat(texts(parse(call.formatted("c000003e", "59")), "SYSCALL")).containsExactly("execve");
    assertThat(texts(parse(call.formatted("c00000b7", "221")), "SYSCALL"))
        .containsExactly("execve");
    assertThat(texts(parse(call.formatted("c00000b7", "59")), "SYSCALL")).containsExactly("59");
    assertThat(texts(parse(call.formatted("x86_64", "execve")), "SYSCALL"))
        .containsExactly("execve");
  }

  @Test
  void findsUnnamedDataWhereShippersPutIt() throws Exception {
    String flat = "{'Channel':'Windows PowerShell','EventID':400,%s}";
    assertThat(texts(parse(flat.formatted("'param1':'a','param2':'b'")), "Data"))
        .containsExactly("a b");
    assertThat(texts(parse(flat.formatted("'Message':'HostApplication=x'")), "Data"))
        .containsExactly("HostApplication=x");
    assertThat(texts(parse(flat.formatted("'Message':'m','Data':'own'")), "Data"))
        .containsExactly("own");
  }
}
