package dev.tidewatch.match.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.tidewatch.events.v1.SourceHint;
import dev.tidewatch.match.IndexedMatcher;
import dev.tidewatch.match.MatchSession;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What a session promises beside its answers. */
class MatchSessionTest {
  private static final String EVENT =
      "{\"Channel\":\"Security\",\"EventID\":4688,\"NewProcessName\":\"C:\\\\x\\\\y.exe\","
          + "\"SubjectUserName\":\"u\",\"SubjectDomainName\":\"D\",\"CommandLine\":\"\u00c9 %d\"}";

  private static final String KEYWORDS =
      """
      title: Keywords
      id: 11111111-2222-4333-8444-555555555555
      level: low
      logsource:
          product: windows
          service: security
      detection:
          keywords:
              - needle
              - 'of * straw'
          condition: keywords
      """;

  private final IndexedMatcher matcher =
      new IndexedMatcher(new RandomRules(new Random(3)).rules(0));

  @Test
  void refusesWhatTheDocumentRefuses() {
    MatchSession session = matcher.newSession();
    for (String bad : List.of("", "{", "[]", "{\"a\":1}{}", "{\"a\":\"\\x\"}", "{\"a\":01}")) {
      assertThat(session.match(bytes(bad))).as(bad).isEqualTo(MatchSession.MALFORMED);
    }
    assertThat(session.match(bytes("{}"))).isZero();
    assertThat(session.leftToReference()).isEqualTo(6);
  }

  @Test
  void leavesToTheReferenceWhatItAloneReads() {
    MatchSession session = matcher.newSession();
    assertThat(session.match(bytes("{\"a\":1,\"a\":2}"))).isZero();
    assertThat(session.match(bytes("{\"\\u0061\":1}"))).isZero();
    assertThat(session.match(bytes("{\"a\":".repeat(200) + "1" + "}".repeat(200)))).isZero();
    assertThat(session.match(bytes("{\"a\":".repeat(600) + "1" + "}".repeat(600))))
        .isEqualTo(MatchSession.MALFORMED);
    assertThat(session.leftToReference()).isEqualTo(4);
  }

  @Test
  void readsAPartOfAnArray() {
    byte[] payload = bytes("xx{\"Channel\":\"Security\",\"EventID\":1}yy");
    assertThat(
            matcher
                .newSession()
                .match(payload, 2, payload.length - 4, SourceHint.getDefaultInstance()))
        .isZero();
  }

  @Test
  void findsKeywordsInKeysInSkippedPartsAndInValuesSeenBefore() {
    IndexedMatcher keywords =
        new IndexedMatcher(
            new SigmaCompiler().compile(List.of(new RuleSource("r.yml", KEYWORDS))).rules());
    MatchSession session = keywords.newSession();
    String[] without = {"{\"a\":\"hay\"}", "{\"a\":{\"b\":[\"hay\"]}}"};
    String[] with = {
      "{\"a\":\"a Needle\"}",
      "{\"a needle\":1}",
      "{\"a\":{\"needles\":[]}}",
      "{\"a\":{\"b\":[{\"c\":\"NEEDLE\"}]}}",
      "{\"a\":[\"x\",\"need\\u006ce\"]}",
      "{\"a\":\"of much straw\"}"
    };
    for (int turn = 0; turn < 3; turn++) {
      for (String event : with) {
        assertThat(session.match(security(event))).as(event).isEqualTo(1);
      }
      for (String event : without) {
        assertThat(session.match(security(event))).as(event).isZero();
      }
    }
  }

  @Test
  void survivesEndlessNewKeys() {
    MatchSession session = matcher.newSession();
    for (int i = 0; i < 60_000; i++) {
      session.match(bytes("{\"Channel\":\"Security\",\"EventID\":1,\"k" + i + "\":" + i + "}"));
    }
    assertThat(session.leftToReference()).isZero();
  }

  @Test
  void allocatesNothingForEventsThatFireNothing() {
    MatchSession session = matcher.newSession();
    byte[][] events = new byte[100][];
    for (int i = 0; i < events.length; i++) {
      events[i] = bytes(EVENT.replace("%d", String.valueOf(i)));
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 50; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (byte[] event : events) {
        session.match(event, 0, event.length, SourceHint.getDefaultInstance());
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).isLessThan(events.length);
  }

  @Test
  void isSharedByThreads() throws Exception {
    RandomRules generator = new RandomRules(new Random(5));
    IndexedMatcher shared = new IndexedMatcher(generator.rules(60));
    List<byte[]> events = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      events.add(bytes(generator.event()));
    }
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Future<List<Integer>>> answers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        answers.add(pool.submit(() -> answers(shared, events)));
      }
      for (Future<List<Integer>> answer : answers) {
        assertThat(answer.get()).isEqualTo(answers(shared, events));
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static List<Integer> answers(IndexedMatcher matcher, List<byte[]> events) {
    MatchSession session = matcher.newSession();
    List<Integer> answers = new ArrayList<>();
    for (byte[] event : events) {
      int count = session.match(event);
      for (int i = 0; i < count; i++) {
        answers.add(session.fired(i));
      }
      answers.add(-1);
    }
    return answers;
  }

  private static byte[] security(String json) {
    return bytes("{\"Channel\":\"Security\",\"EventID\":1," + json.substring(1));
  }

  private static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }
}
