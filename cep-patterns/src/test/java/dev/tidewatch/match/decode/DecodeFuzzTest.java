package dev.tidewatch.match.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Random and mutated payloads, read both ways: the same fields, or left to the reference. */
class DecodeFuzzTest {
  private static final int ROUNDS = 60_000;
  private static final Set<String> FIELDS =
      Set.of(
          "Image",
          "User",
          "a.b",
          "a.b.c",
          "Source Name",
          "SourceName",
          "Data",
          "EventID",
          "a",
          "Provider_Name",
          "Channel",
          "Message",
          "IntegrityLevel",
          "Event.System",
          "id.orig_h",
          "userIdentity.arn",
          "CommandLine",
          "x",
          "requestParameters",
          "Execution_ProcessID",
          "winlog.event_data.Image",
          "b",
          "Level",
          "Details",
          "TargetObject",
          "#text");

  private static final List<String> SEEDS =
      List.of(
          "{'Event':{'System':{'EventID':{'#text':4688},'Channel':'Security','Level':0,"
              + "'Provider':{'#attributes':{'Name':'P'}},'Execution':{'#attributes':"
              + "{'ProcessID':'7'}}},'EventData':{'Data':[{'@Name':'a','#text':1}],'x':[1,{'b':2}]}}}",
          "{'Event':{'System':{'EventID':4688,'Channel':'Security','Provider_attributes':{'Name':'P'}},"
              + "'EventData':{'NewProcessName':'C:\\\\\\\\a.exe','SubjectUserName':'u',"
              + "'SubjectDomainName':'D','MandatoryLabel':'S-1-16-8192','Source Name':1}}}",
          "{'Event':{'System':{'EventID':4657,'Channel':'Security'},'UserData':{'E':{'a':{'b':1},"
              + "'ObjectName':'\\\\\\\\REGISTRY\\\\\\\\MACHINE\\\\\\\\x','User':null}}}}",
          "{'Channel':'Microsoft-Windows-Sysmon/Operational','EventID':12,'Image':'C:\\\\\\\\a.exe',"
              + "'EventType':'CreateKey','User':'A\\\\\\\\b','Level':4.0,'a':{'b':{'c':[1,2]},'b.c':3}}",
          "{'Channel':'Application','EventID':1,'Source':'x','Message':'m\\\\r\\\\n\\\\u00e9','EventData':{'x':1}}",
          "{'winlog':{'channel':'Security','event_id':4624,'event_data':{'Image':'i'},'user_data':{}}}",
          "{'winlog':{'event_id':1},'winlog.event_data.Image':'z','winlog.event_data.a.b':-0.0}",
          "{'eventSource':'iam.amazonaws.com','eventName':'CreateUser','awsRegion':'x',"
              + "'userIdentity':{'arn':'arn:aws:iam::1:user/a'},'resources':[{'ARN':'a'},{'a':{'b':1}}]}",
          "{'Records':[{'eventSource':'a','eventVersion':'1','eventName':'b','a':{'b':1}}]}",
          "{'_path':'http','ts':1714557600.5,'id.orig_h':'10.0.0.1','method':'GET','x':1e-7,'tags':[]}",
          "{'@stream':'conn','id_orig_h':'1.1.1.1','x':[[],[null]],'a':[{'b':1},{'b.c':2},{'b':{'c':3}}]}",
          "{'type':'EXECVE','serial':'1','a0':'id','a1':'-u','a':{'b.c':true}}",
          "{'host':{'os':{'type':'linux'}},'event':{'category':['process'],'type':['start']},'x':'\\\\ud83d'}",
          "{'Source Name':[null,{'a b':[[]]}],'x':-0.0,'a.b':12345678901234567890,'a':{'b':'\u212A'}}");
  private static final String SPLICES =
      "{}[]\":,\\u0000-eE.0123456789nulltrue #@_$%\u00e9\u0130\uD83D\uDE00\n";

  private final Random random = new Random(20_261_120L);
  private final FieldReading reading =
      new FieldReading(FIELDS, Set.of("Channel", "EventID", "Provider_Name", "eventName"));

  @Test
  void readsMutatedEventsAsTheDocumentDoes() {
    for (int round = 0; round < ROUNDS; round++) {
      reading.check(mutated(SEEDS.get(random.nextInt(SEEDS.size())).replace('\'', '"')));
    }
    assertThat(reading.read).as("read").isGreaterThan(ROUNDS / 10);
    assertThat(reading.malformed).as("malformed").isGreaterThan(ROUNDS / 10);
  }

  @Test
  void survivesRandomBytes() {
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(64)];
      random.nextBytes(bytes);
      reading.check(bytes);
    }
    assertThat(reading.read).isZero();
  }

  @Test
  void readsRandomTreesAsTheDocumentDoes() {
    for (int round = 0; round < ROUNDS; round++) {
      StringBuilder json = new StringBuilder("{");
      members(json, 3);
      reading.check(json.append('}').toString().getBytes(StandardCharsets.UTF_8));
    }
    assertThat(reading.read).as("read").isGreaterThan(ROUNDS / 4);
  }

  private static final List<String> KEYS =
      List.of(
          "a",
          "b",
          "c",
          "a.b",
          "b.c",
          "a.b.c",
          "x",
          "Event",
          "System",
          "EventData",
          "UserData",
          "Source Name",
          "Channel",
          "EventID",
          "#text",
          "#attributes",
          "Provider",
          "Name",
          "Data",
          "@Name",
          "Image",
          "Message",
          "winlog",
          "event_data",
          "winlog.event_data.Image",
          "User",
          "a b",
          "E",
          "Level",
          "Provider_Name",
          "SourceName",
          "eventSource",
          "eventName",
          "awsRegion");
  private static final List<String> VALUES =
      List.of(
          "1",
          "-0",
          "1.50",
          "0.0000001",
          "1e3",
          "\"\"",
          "\"Text\"",
          "\"\\u0041\\\\b\"",
          "null",
          "true",
          "[]",
          "{}",
          "\"\u00c9\u0130\u212A\"",
          "\"\\ud83d\\ude00\"",
          "\"\\udc00\"",
          "12345678901234567890",
          "\"iam.amazonaws.com\"",
          "4688",
          "\"Security\"");

  private void members(StringBuilder json, int depth) {
    int count = random.nextInt(5);
    for (int i = 0; i < count; i++) {
      json.append(i == 0 ? "" : ", ");
      json.append('"').append(KEYS.get(random.nextInt(KEYS.size()))).append("\": ");
      value(json, depth);
    }
  }

  private void value(StringBuilder json, int depth) {
    int kind = depth == 0 ? 0 : random.nextInt(4);
    if (kind < 2) {
      json.append(VALUES.get(random.nextInt(VALUES.size())));
    } else if (kind == 2) {
      json.append('{');
      members(json, depth - 1);
      json.append('}');
    } else {
      json.append('[');
      for (int i = random.nextInt(3); i > 0; i--) {
        value(json, depth - 1);
        json.append(i == 1 ? "" : ",");
      }
      json.append(']');
    }
  }

  private byte[] mutated(String seed) {
    StringBuilder text = new StringBuilder(seed);
    for (int edits = random.nextInt(4); edits > 0; edits--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(4)) {
        case 0 -> text.deleteCharAt(at);
        case 1 -> text.insert(at, SPLICES.charAt(random.nextInt(SPLICES.length())));
        case 2 -> text.setCharAt(at, (char) (32 + random.nextInt(96)));
        default -> text.insert(at, text.substring(at, Math.min(text.length(), at + 20)));
      }
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(8) == 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }
}
