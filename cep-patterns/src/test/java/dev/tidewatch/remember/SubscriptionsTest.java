package dev.tidewatch.remember;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.remember.BoundedRemember.FoundEpisode;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubscriptionsTest {
  private static final String MEMBER = "00000000-0000-4000-8000-000000000101";
  private static final String RULES =
      """
      title: Failed Logon
      id: 00000000-0000-4000-8000-000000000101
      name: failed
      level: low
      logsource: {product: windows}
      detection: {selection: {EventID: 4625}, condition: selection}
      ---
      title: Many
      id: 00000000-0000-4000-8000-000000000102
      name: many
      level: high
      correlation: {type: event_count, rules: [failed], group-by: [Ip, User], timespan: 10s, condition: {gte: 2}}
      ---
      title: Again
      id: 00000000-0000-4000-8000-000000000103
      name: again
      level: high
      correlation: {type: event_count, rules: [many], group-by: [Ip], timespan: 1h, condition: {gte: 2}}
      ---
      title: And Again
      id: 00000000-0000-4000-8000-000000000104
      level: high
      correlation: {type: event_count, rules: [again], group-by: [Ip], timespan: 1d, condition: {gte: 1}}
      """;
  private final List<StatefulRule> rules =
      new SigmaCompiler().compile(List.of(new RuleSource("r.yml", RULES))).stateful();

  private static final class Heard implements Subscriptions.Listener {
    final List<GroupKey> keys = new ArrayList<>();
    final List<Match> matches = new ArrayList<>();
    int withoutGroup;

    @Override
    public void match(StatefulRule rule, GroupKey key, Match match) {
      keys.add(key);
      matches.add(match);
    }

    @Override
    public void withoutGroup(StatefulRule rule, Member member) {
      withoutGroup++;
    }
  }

  private static MatchedEvent event(String payload, long micros, long id) throws Exception {
    byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
    return new MatchedEvent("acme", EventDocument.parse(bytes), micros, 0, id);
  }

  private Heard hear(String payload) throws Exception {
    Heard heard = new Heard();
    Subscriptions.of(rules).fired(MEMBER, event(payload, 5, 9), heard);
    return heard;
  }

  @Test
  void aMatchKnowsItsGroupItsEventAndWhoIsConcerned() throws Exception {
    Heard heard = hear("{\"Ip\":[\"10.0.0.1\",\"x\"],\"User\":7,\"Hostname\":\"dc1\"}");
    assertThat(heard.keys)
        .containsExactly(
            new GroupKey("acme", "00000000-0000-4000-8000-000000000102", 1, "10.0.0.1", "7"));
    assertThat(heard.matches.get(0).timeMicros()).isEqualTo(5);
    assertThat(heard.matches.get(0).eventIdLow()).isEqualTo(9);
    assertThat(heard.matches.get(0).entities()).contains("host", "dc1");
  }

  @Test
  void anEmptyValueIsAGroupAndAMissingOneIsNone() throws Exception {
    assertThat(hear("{\"Ip\":\"\",\"User\":\"u\"}").keys).hasSize(1);
    assertThat(hear("{\"Ip\":null,\"User\":\"u\"}").withoutGroup).isEqualTo(1);
    assertThat(hear("{\"User\":\"u\"}").keys).isEmpty();
  }

  @Test
  void longValuesAreCutAndStayDifferent() throws Exception {
    String base = "x".repeat(50_000);
    GroupKey one = hear("{\"Ip\":\"" + base + "1\",\"User\":\"u\"}").keys.get(0);
    GroupKey two = hear("{\"Ip\":\"" + base + "2\",\"User\":\"u\"}").keys.get(0);
    assertThat(one).isNotEqualTo(two);
    assertThat(one.value(0)).hasSizeLessThanOrEqualTo(MatchedEvent.MAX_VALUE);
  }

  @Test
  void nobodyListensToOthers() throws Exception {
    Subscriptions subscriptions = Subscriptions.of(rules);
    assertThat(subscriptions.listensTo("other")).isFalse();
    assertThat(subscriptions.listensTo(MEMBER)).isTrue();
    assertThat(Subscriptions.NONE.isEmpty()).isTrue();
  }

  @Test
  void fieldNamesSayWhatTheirValuesAre() {
    assertThat(EventEntities.kindOf("TargetUserName")).contains("user");
    assertThat(EventEntities.kindOf("IpAddress")).contains("ip");
    assertThat(EventEntities.kindOf("SourceIp")).contains("ip");
    assertThat(EventEntities.kindOf("id.orig_h")).isEmpty();
    assertThat(EventEntities.kindOf("ComputerName")).contains("host");
    assertThat(EventEntities.kindOf("TargetDomainName")).contains("domain");
    assertThat(EventEntities.kindOf("LogonType")).isEmpty();
  }

  /** Three levels: two bursts of one address by different users, within the hour. */
  @Test
  void chainsRunThreeDeep() throws Exception {
    BoundedRemember remember = new BoundedRemember(rules);
    String[] users = {"ann", "bob"};
    int id = 0;
    for (int second : new int[] {40, 41, 1_000, 1_001}) {
      String user = users[second / 1_000];
      remember.fired(
          MEMBER,
          event("{\"Ip\":\"10.0.0.1\",\"User\":\"" + user + "\"}", second * 1_000_000L, id++));
    }
    List<FoundEpisode> found = remember.finish();

    assertThat(found)
        .extracting(f -> f.rule().head().title() + " " + f.episode().openMicros() / 1_000_000)
        .containsExactly("Many 41", "Many 1001", "Again 1001", "And Again 1001");
    FoundEpisode again = found.get(2);
    assertThat(again.key().value(0)).isEqualTo("10.0.0.1");
    assertThat(again.episode().evidence())
        .extracting(EventRef::eventId)
        .containsExactly(found.get(0).alertId(), found.get(1).alertId());
    assertThat(remember.problems()).isEmpty();
    assertThat(remember.matches()).isEqualTo(4 + 2 + 1);
    assertThat(EpisodeReason.of(again.key(), again.rule(), again.episode()))
        .contains("16m", "by Ip=10.0.0.1");
  }
}
