package dev.tidewatch.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.events.v1.SourceHint;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecognitionTest {

  /** Payload, log sources as product/category/service in order, class/activity. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'Channel':'Microsoft-Windows-Sysmon/Operational','EventID':3} | windows/network_connection/sysmon | 4001/1",
        "{'Channel':'microsoft-windows-sysmon/operational','EventID':'22'} | windows/dns_query/sysmon | 4003/1",
        "{'Channel':'Microsoft-Windows-Sysmon/Operational','EventID':12,'EventType':'CreateKey'} | windows/registry_add/sysmon windows/registry_event/sysmon | 201001/1",
        "{'Channel':'Microsoft-Windows-Sysmon/Operational','EventID':12,'EventType':'DeleteValue'} | windows/registry_delete/sysmon windows/registry_event/sysmon | 201002/4",
        "{'Channel':'Microsoft-Windows-Sysmon/Operational','EventID':12} | windows/registry_event/sysmon | 201001/0",
        "{'Channel':'Microsoft-Windows-Sysmon/Operational','EventID':13} | windows/registry_set/sysmon windows/registry_event/sysmon | 201002/2",
        "{'Channel':'Microsoft-Windows-Sysmon/Operational','EventID':14} | windows/registry_rename/sysmon windows/registry_event/sysmon | 201001/5",
        "{'Channel':'Microsoft-Windows-Sysmon/Operational','EventID':26} | windows/file_delete_detected/sysmon windows/file_delete/sysmon | 1001/4",
        "{'Channel':'Microsoft-Windows-Sysmon/Operational','EventID':77} | windows//sysmon | 0/0",
        "{'Provider_Name':'Microsoft-Windows-Sysmon','EventID':1} | windows/process_creation/sysmon | 1007/1",
        "{'Provider_Name':'Linux-Sysmon','EventID':1} | linux/process_creation/sysmon | 1007/1",
        "{'Channel':'Linux-Sysmon/Operational','EventID':11} | linux/file_event/sysmon | 1001/1",
        "{'LogName':'Security','EventCode':'4625'} | windows//security | 3002/1",
        "{'LogName':'Security','Id':4720,'ProviderName':'P'} | windows//security | 3001/1",
        "{'log_name':'Security','event_id':4732,'event_data':{}} | windows//security | 3006/3",
        "{'Channel':'Security','EventID':4663,'ObjectType':'Key'} | windows//security | 201001/2",
        "{'Channel':'Security','EventID':4663,'ObjectType':'Token'} | windows//security | 0/0",
        "{'Channel':'System','EventID':7045} | windows//system | 201004/1",
        "{'Channel':'Microsoft-Windows-PowerShell/Operational','EventID':4104} | windows/ps_script/powershell | 1009/1",
        "{'Channel':'PowerShellCore/Operational','EventID':4103} | windows/ps_module/powershell | 1009/1",
        "{'Channel':'Windows PowerShell','EventID':400} | windows/ps_classic_start/powershell-classic | 1009/1",
        "{'Channel':'Microsoft-Windows-Windows Defender/Operational','EventID':1116} | windows/antivirus/windefend | 2004/1",
        "{'Channel':'Microsoft-Windows-AppLocker/EXE and DLL','EventID':8004} | windows//applocker | 0/0",
        "{'Channel':'Microsoft-Windows-Kernel-File/Analytic','EventID':27} | windows/file_rename/ | 1001/5",
        "{'Channel':'Somebody-Else/Operational','EventID':1} | windows// | 0/0",
        "{'EventLog':'RPCFW','EventID':3} | rpc_firewall/application/ | 4001/6",
        "{'eventSource':'signin.amazonaws.com','eventName':'ConsoleLogin','awsRegion':'x'} | aws//cloudtrail | 3002/1",
        "{'eventSource':'iam.amazonaws.com','eventName':'CreateUser','awsRegion':'x'} | aws//cloudtrail | 3001/1",
        "{'eventSource':'ec2.amazonaws.com','eventName':'DescribeInstances','awsRegion':'x'} | aws//cloudtrail | 6003/2",
        "{'eventSource':'ec2.amazonaws.com','eventName':'TerminateInstances'} | aws//cloudtrail | 6003/4",
        "{'eventSource':'odd.amazonaws.com','eventName':'Frobnicate'} | aws//cloudtrail | 6003/99",
        "{'_path':'conn','ts':1} | zeek/firewall/conn | 4001/6",
        "{'@stream':'dns','ts':1} | zeek/dns/dns | 4003/6",
        "{'_path':'http','method':'POST'} | zeek/proxy/http zeek/webserver/http | 4002/6",
        "{'_path':'kerberos'} | zeek//kerberos | 3002/1",
        "{'_path':'brand_new'} | zeek//brand_new | 0/0",
        "{'event':{'dataset':'zeek.dns'}} | zeek/dns/dns | 4003/6",
        "{'event_type':'alert','src_ip':'10.0.0.1'} | suricata//alert | 2004/1",
        "{'event_type':'dns','src_ip':'10.0.0.1'} | suricata/dns/dns | 4003/6",
        "{'event_type':'flow','src_ip':'10.0.0.1'} | suricata/firewall/flow | 4001/6",
        "{'event_type':'stats','timestamp':'x'} | suricata//stats | 0/0",
        "{'type':'EXECVE','serial':'1'} | linux/process_creation/auditd | 1007/1",
        "{'type':'SYSCALL','serial':'1','syscall':'59'} | linux//auditd | 1007/1",
        "{'type':'SYSCALL','serial':'1','syscall':'87'} | linux//auditd | 1003/4",
        "{'type':'USER_LOGIN','msg':'x'} | linux//auditd | 3002/1",
        "{'type':'note','text':'x'} | // | 0/0",
        "{'ID':'1','SYSCALL':{'syscall':59}} | linux//auditd | 0/0",
        "{'__REALTIME_TIMESTAMP':'1','SYSLOG_IDENTIFIER':'sshd','MESSAGE':'m'} | linux//sshd | 3002/0",
        "{'__REALTIME_TIMESTAMP':'1','_COMM':'x','MESSAGE':'m'} | linux//syslog | 0/0",
        "{'Type':'Syslog','SyslogMessage':'m','ProcessName':'sudo'} | linux//sudo | 1007/1",
        "{'event':{'category':['process'],'type':['start']},'host':{'os':{'type':'linux'}}} | linux/process_creation/ | 1007/1",
        "{'event':{'category':['process'],'type':['end']},'host':{'os':{'type':'windows'}}} | windows/process_termination/ | 1007/2",
        "{'event.category':'file','event.type':'deletion','host.os.type':'macos'} | macos/file_delete/ | 1001/4",
        "{'auditID':'1','verb':'create','objectRef':{'resource':'pods'}} | kubernetes/application/audit | 6003/1",
        "{'protoPayload':{'serviceName':'iam.googleapis.com','methodName':'m'}} | gcp//gcp.audit | 6003/99",
        "{'protoPayload':{'serviceName':'admin.googleapis.com'}} | gcp//google_workspace.admin | 6003/99",
        "{'operationName':'o','category':'AuditLogs','time':'t'} | azure//auditlogs | 6003/99",
        "{'operationName':'o','category':'SignInLogs','time':'t'} | azure//signinlogs | 3002/1",
        "{'riskEventType':'x'} | azure//riskdetection azure//pim | 2004/1",
        "{'Workload':'Exchange','Operation':'New-InboxRule'} | m365//audit m365//exchange | 6003/99",
        "{'eventType':'user.session.start','actor':{'alternateId':'a'},'outcome':{}} | okta//okta | 3002/1",
        "{'action':'repo.create','actor':'a','org':'o'} | github//audit | 6003/99",
        "{'cs-method':'GET','c-uri':'/'} | /proxy/ | 4002/3",
        "{'cs-method':'POST','cs-uri-stem':'/'} | /webserver/ | 4002/6",
        "{'anything':'else'} | // | 0/0",
        "{} | // | 0/0",
      })
  void recognises(String payload, String sources, String ocsfClass) throws Exception {
    EventDocument event = Events.parse(payload);
    assertThat(event.logSources().stream().map(RecognitionTest::text))
        .containsExactly(sources.split(" "));
    assertThat(event.logSource()).isEqualTo(event.logSources().get(0));
    assertThat(event.ocsf().classUid() + "/" + event.ocsf().activityId()).isEqualTo(ocsfClass);
  }

  private static String text(LogSource source) {
    return source.product() + "/" + source.category() + "/" + source.service();
  }

  @Test
  void everyNamedAttributeMustBeEqual() {
    LogSource event = new LogSource("windows", "process_creation", "sysmon");
    assertThat(LogSource.UNKNOWN.covers(event)).isTrue();
    assertThat(new LogSource("windows", "", "").covers(event)).isTrue();
    assertThat(new LogSource("", "process_creation", "").covers(event)).isTrue();
    assertThat(event.covers(event)).isTrue();
    assertThat(new LogSource("windows", "", "security").covers(event)).isFalse();
    assertThat(new LogSource("linux", "process_creation", "").covers(event)).isFalse();
    assertThat(event.covers(LogSource.UNKNOWN)).isFalse();
  }

  @Test
  void rulesOfEitherLogSourceLookAtTheEvent() throws Exception {
    EventDocument event =
        Events.parse("{'Channel':'Microsoft-Windows-Sysmon/Operational','EventID':13}");
    assertThat(event.isCoveredBy(new LogSource("windows", "registry_set", ""))).isTrue();
    assertThat(event.isCoveredBy(new LogSource("windows", "registry_event", ""))).isTrue();
    assertThat(event.isCoveredBy(new LogSource("windows", "registry_add", ""))).isFalse();
  }

  @Test
  void theSendersHintFillsWhatThePayloadDoesNotShow() throws Exception {
    EventDocument event =
        hinted("{'Image':'/bin/id','CommandLine':'id -u'}", "linux", "process_creation");
    assertThat(event.logSource()).isEqualTo(new LogSource("linux", "process_creation", ""));
    assertThat(event.ocsf().classUid()).isEqualTo(1007);
    assertThat(event.ocsf().columns()).containsEntry("process.name", "id");
  }

  @Test
  void theHintAndThePayloadComplementEachOther() throws Exception {
    EventDocument event = hinted("{'Channel':'Security','EventID':4624}", "windows", "");
    assertThat(event.logSources()).isEqualTo(List.of(new LogSource("windows", "", "security")));
  }

  @Test
  void theHintWinsWhereTheyDiffer() throws Exception {
    EventDocument event = hinted("{'Channel':'Security','EventID':4624}", "linux", "");
    assertThat(event.logSources()).isEqualTo(List.of(new LogSource("linux", "", "")));
    EventDocument one =
        hinted(
            "{'Channel':'Microsoft-Windows-Sysmon/Operational','EventID':13}",
            "",
            "registry_event");
    assertThat(one.logSources())
        .isEqualTo(List.of(new LogSource("windows", "registry_event", "sysmon")));
  }

  private static EventDocument hinted(String payload, String product, String category)
      throws MalformedEventException {
    return EventDocument.parse(
        Events.envelope(payload)
            .setSource(SourceHint.newBuilder().setProduct(product).setCategory(category))
            .build());
  }
}
