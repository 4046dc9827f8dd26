package dev.tidewatch.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OcsfEventTest {

  @Test
  void mapsASysmonProcess() throws Exception {
    OcsfEvent ocsf =
        Events.parse(
                """
                {'Channel':'Microsoft-Windows-Sysmon/Operational','EventID':1,'Hostname':'pc-7',
                 'Image':'C:\\\\Windows\\\\System32\\\\whoami.exe','ProcessId':4242,
                 'CommandLine':'whoami /all','User':'CORP\\\\kim','IntegrityLevel':'High',
                 'ParentImage':'C:\\\\Windows\\\\System32\\\\cmd.exe','ParentProcessId':'77',
                 'ParentCommandLine':'cmd.exe','Level':'Information',
                 'Hashes':'MD5=0,SHA256=%s'}
                """
                    .formatted("AB".repeat(32)))
            .ocsf();
    assertThat(ocsf.className()).isEqualTo("Process Activity");
    assertThat(ocsf.summary()).isEqualTo("cmd.exe → whoami /all");
    assertThat(ocsf.columns())
        .containsAllEntriesOf(
            Map.of(
                "process.name", "whoami.exe",
                "process.file.path", "C:\\Windows\\System32\\whoami.exe",
                "process.pid", "4242",
                "process.user.name", "kim",
                "process.integrity", "High",
                "process.file.hashes.sha256", "AB".repeat(32),
                "process.parent_process.name", "cmd.exe",
                "process.parent_process.pid", "77",
                "device.hostname", "pc-7",
                "severity_id", "1"));
  }

  @Test
  void mapsASecurityProcess() throws Exception {
    OcsfEvent ocsf =
        Events.parse(
                """
                {'Channel':'Security','EventID':4688,'Hostname':'pc-7','NewProcessId':'0x1092',
                 'NewProcessName':'C:\\\\x\\\\whoami.exe','ProcessId':'0x4d','CommandLine':'',
                 'ParentProcessName':'C:\\\\x\\\\cmd.exe','SubjectUserName':'kim'}
                """)
            .ocsf();
    assertThat(ocsf.summary()).isEqualTo("cmd.exe → C:\\x\\whoami.exe");
    assertThat(ocsf.columns())
        .containsEntry("process.pid", "4242")
        .containsEntry("process.parent_process.pid", "77")
        .containsEntry("process.parent_process.name", "cmd.exe")
        .containsEntry("process.user.name", "kim")
        .doesNotContainKey("process.cmd_line");
  }

  @Test
  void mapsALogOn() throws Exception {
    OcsfEvent ocsf =
        Events.parse(
                """
                {'Channel':'Security','EventID':4625,'Hostname':'pc-7','TargetUserName':'kim',
                 'TargetDomainName':'CORP','LogonType':'10','IpAddress':'::ffff:203.0.113.4',
                 'IpPort':'0','WorkstationName':'-','SubStatus':'0xc000006a'}
                """)
            .ocsf();
    assertThat(ocsf.summary())
        .isEqualTo("Remote Interactive log-on of kim from 203.0.113.4 (Failure)");
    assertThat(ocsf.columns())
        .containsEntry("status", "Failure")
        .containsEntry("status_detail", "wrong password")
        .containsEntry("src_endpoint.ip", "203.0.113.4")
        .doesNotContainKey("src_endpoint.hostname");
  }

  @Test
  void mapsAConsoleLogin() throws Exception {
    EventDocument event =
        Events.parse(
            """
            {'eventSource':'signin.amazonaws.com','eventName':'ConsoleLogin','awsRegion':'eu-1',
             'sourceIPAddress':'203.0.113.4','userIdentity':{'userName':'alice','type':'IAMUser'},
             'recipientAccountId':'123456789012','eventTime':'2024-05-01T10:00:00Z',
             'responseElements':{'ConsoleLogin':'Failure'},'userAgent':'curl'}
            """);
    assertThat(event.ocsf().summary())
        .isEqualTo("ConsoleLogin by alice from 203.0.113.4 (Failure)");
    assertThat(event.ocsf().columns())
        .containsEntry("cloud.account.uid", "123456789012")
        .containsEntry("cloud.region", "eu-1")
        .containsEntry("user.name", "alice");
  }

  @Test
  void mapsCloudTrailCallersThatAreNoAddress() throws Exception {
    OcsfEvent ocsf =
        Events.parse(
                """
                {'eventSource':'kms.amazonaws.com','eventName':'Decrypt','awsRegion':'eu-1',
                 'sourceIPAddress':'ec2.amazonaws.com','errorCode':'AccessDenied',
                 'userIdentity':{'arn':'arn:aws:sts::1:assumed-role/deploy/i-42'}}
                """)
            .ocsf();
    assertThat(ocsf.summary()).isEqualTo("Decrypt by i-42 (Failure)");
    assertThat(ocsf.columns())
        .containsEntry("src_endpoint.hostname", "ec2.amazonaws.com")
        .doesNotContainKey("src_endpoint.ip");
  }

  @Test
  void mapsZeek() throws Exception {
    OcsfEvent connection =
        Events.parse(
                """
                {'_path':'conn','ts':1714557600.5,'id.orig_h':'10.0.0.5','id.orig_p':51322,
                 'id.resp_h':'198.51.100.24','id.resp_p':443,'proto':'tcp','orig_bytes':77,
                 'resp_bytes':99}
                """)
            .ocsf();
    assertThat(connection.summary()).isEqualTo("10.0.0.5:51322 → 198.51.100.24:443 tcp");
    assertThat(connection.columns())
        .containsEntry("traffic.bytes_out", "77")
        .containsEntry("traffic.bytes_in", "99");
    OcsfEvent http =
        Events.parse(
                "{'@stream':'http','id_orig_h':'10.0.0.5','method':'get','host':'x.example.org',"
                    + "'uri':'/a?b','status_code':404,'user_agent':'curl'}")
            .ocsf();
    assertThat(http.summary()).isEqualTo("GET http://x.example.org/a?b → 404");
    assertThat(http.columns()).containsEntry("src_endpoint.ip", "10.0.0.5");
  }

  @Test
  void mapsSuricataAlerts() throws Exception {
    OcsfEvent ocsf =
        Events.parse(
                """
                {'event_type':'alert','src_ip':'10.0.0.5','src_port':1,'dest_ip':'2001:db8::1',
                 'dest_port':80,'proto':'TCP','alert':{'signature':'TW test','signature_id':9,
                 'severity':1}}
                """)
            .ocsf();
    assertThat(ocsf.summary()).isEqualTo("TW test: 10.0.0.5 → 2001:db8::1");
    assertThat(ocsf.columns())
        .containsEntry("finding_info.uid", "9")
        .containsEntry("severity_id", "4")
        .containsEntry("connection_info.protocol_name", "tcp");
  }

  @Test
  void mapsElasticProcesses() throws Exception {
    OcsfEvent ocsf =
        Events.parse(
                """
                {'@timestamp':'2024-05-01T10:00:00Z','event':{'category':['process'],
                 'type':['start']},'host':{'name':'web-1','os':{'type':'linux'}},
                 'process':{'pid':7,'executable':'/usr/bin/curl','command_line':'curl x',
                 'parent':{'executable':'/bin/bash','pid':6}},'user':{'name':'www'}}
                """)
            .ocsf();
    assertThat(ocsf.summary()).isEqualTo("bash → curl x");
    assertThat(ocsf.columns())
        .containsEntry("process.user.name", "www")
        .containsEntry("process.parent_process.pid", "6");
  }

  @Test
  void takesOcsfAsItIs() throws Exception {
    OcsfEvent ocsf =
        Events.parse(
                """
                {'class_uid':4001,'activity_id':1,'metadata':{'version':'1.1.0'},
                 'time':1714557600000,'src_endpoint':{'ip':'10.0.0.5','port':'many'},
                 'dst_endpoint':{'ip':'10.0.0.6','port':22},'class_name':'Network Activity'}
                """)
            .ocsf();
    assertThat(ocsf.classUid()).isEqualTo(4001);
    assertThat(ocsf.summary()).isEqualTo("10.0.0.5 → 10.0.0.6:22");
    assertThat(ocsf.columns())
        .containsEntry("dst_endpoint.port", "22")
        .doesNotContainKey("src_endpoint.port");
  }

  @Test
  void summariesAreOneShortLineOfVisibleText() throws Exception {
    OcsfEvent ocsf =
        Events.parse(
                "{'Channel':'Application','EventID':1,'Message':'a\\r\\n\\tb\\u202egnp.exe\\u0007 %s'}"
                    .formatted("x".repeat(1_000)))
            .ocsf();
    assertThat(ocsf.summary()).startsWith("a b gnp.exe x").hasSize(OcsfEvent.MAX_SUMMARY);
    assertThat(Events.parse("{'a':1}").ocsf().summary()).isEqualTo("Base Event (generic)");
  }

  @Test
  void longValuesAreCutBetweenCharacters() throws Exception {
    String line = "x".repeat(OcsfEvent.MAX_VALUE - 1) + "\uD83D\uDE00tail";
    OcsfEvent ocsf =
        Events.parse(
                "{'Channel':'Microsoft-Windows-Sysmon/Operational','EventID':1,'CommandLine':'"
                    + line
                    + "'}")
            .ocsf();
    assertThat(ocsf.columns().get("process.cmd_line")).hasSize(OcsfEvent.MAX_VALUE - 1);
  }

  @Test
  void columnNamesAreUnique() {
    Set<String> names = new HashSet<>();
    for (OcsfEvent.Column column : OcsfEvent.COLUMNS) {
      assertThat(names.add(column.columnName())).as(column.name()).isTrue();
      assertThat(column.columnName()).matches("[a-z][a-z0-9_]*");
    }
  }
}
