package dev.tidewatch.remember;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.events.EventDocument;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EventEntitiesTest {
  private static String[] entities(String json, int most, int longest) throws Exception {
    byte[] payload = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return EventEntities.of(EventDocument.parse(payload), most, longest);
  }

  @Test
  void theHostComesFirstThenWhoAndWhat() throws Exception {
    String process =
        """
        {'Channel':'Security','EventID':4688,'Hostname':'pc-7','SubjectUserName':'kim',
         'NewProcessName':'C:\\\\a.exe','ParentProcessName':'C:\\\\b.exe'}
        """;
    assertThat(entities(process, 8, 100))
        .containsExactly(
            "host", "pc-7", "user", "kim", "process", "C:\\a.exe", "process", "C:\\b.exe");
    assertThat(entities(process, 2, 3)).containsExactly("host", "pc…", "user", "kim");
  }

  @Test
  void theCloudAccountIsOne() throws Exception {
    assertThat(
            entities(
                """
                {'eventSource':'signin.amazonaws.com','eventName':'ConsoleLogin','awsRegion':'eu-1',
                 'sourceIPAddress':'203.0.113.4','userIdentity':{'userName':'alice','type':'IAMUser'},
                 'recipientAccountId':'123456789012','responseElements':{'ConsoleLogin':'Failure'}}
                """,
                8,
                100))
        .containsExactly("user", "alice", "ip", "203.0.113.4", "cloud_account", "123456789012");
  }
}
