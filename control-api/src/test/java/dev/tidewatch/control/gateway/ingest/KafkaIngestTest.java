package dev.tidewatch.control.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tidewatch.events.v1.TelemetryEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * In which order Kafka gets what one source sends, whatever fails. The producers are fakes whose
 * answers the test gives; a source sends again, in order, what was not acknowledged.
 */
class KafkaIngestTest {
  private final List<FakeProducer> producers = new ArrayList<>();
  private boolean namesResolve = true;
  private final KafkaIngest ingest =
      new KafkaIngest(
          () -> {
            if (!namesResolve) {
              throw new KafkaException("No resolvable bootstrap urls");
            }
            producers.add(new FakeProducer());
            return producers.get(producers.size() - 1);
          });

  /** Its answers are the test's; while it knows no topic it answers as Kafka's does. */
  private static final class FakeProducer extends MockProducer<byte[], byte[]> {
    private int withoutTopic;

    FakeProducer() {
      super(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** The next {@code sends} wait for the topic's metadata in vain; then it is known. */
    void knowsNoTopicFor(int sends) {
      withoutTopic = sends;
    }

    @Override
    public synchronized Future<RecordMetadata> send(
        ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
      if (withoutTopic > 0) {
        withoutTopic--;
        TimeoutException failure = new TimeoutException("Topic telemetry not present in metadata");
        if (callback != null) {
          callback.onCompletion(null, failure);
        }
        return CompletableFuture.failedFuture(failure);
      }
      return super.send(record, callback);
    }

    List<String> sent() {
      return history().stream().map(record -> text(record.value())).toList();
    }

    private static String text(byte[] value) {
      try {
        return TelemetryEvent.parseFrom(value).getPayload().toStringUtf8();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static List<TelemetryEvent> events(String... payloads) {
    return Stream.of(payloads)
        .map(p -> TelemetryEvent.newBuilder().setPayload(ByteString.copyFromUtf8(p)).build())
        .toList();
  }

  private FakeProducer producer(int number) {
    return producers.get(number);
  }

  @Test
  void whatIsBehindAnEventThatFailedIsNotSent() {
    producer(0).knowsNoTopicFor(2);
    Ingest.Line line = ingest.line();
    assertThat(line.ingest(events("a", "b", "c", "d"))).isCompletedExceptionally();
    assertThat(line.ingest(events("e"))).isCompletedExceptionally();
    assertThat(producer(0).sent()).isEmpty();
    // Nobody waited in vain for more than one: that takes seconds of a worker each.
    producer(0).knowsNoTopicFor(0);
    var again = ingest.line().ingest(events("a", "b", "c", "d", "e"));
    assertThat(producer(0).sent()).containsExactly("a", "b", "c", "d", "e");
    while (producer(0).completeNext()) {}
    assertThat(again).isCompleted();
    assertThat(producers).hasSize(1);
  }

  @Test
  void whateverKafkaAnswersTheProducerIsGivenUpWithWhatWaitsInIt() {
    Ingest.Line line = ingest.line();
    var first = line.ingest(events("a"));
    var second = line.ingest(events("b"));
    producer(0).errorNext(new NetworkException("the server disconnected"));
    assertThat(first).isCompletedExceptionally();
    assertThat(producer(0).closed()).isTrue();
    // A batch whose block was being opened meanwhile does not get to the next producer.
    assertThat(line.ingest(events("c"))).isCompletedExceptionally();
    assertThat(producers).hasSize(1);
    producer(0).errorNext(new IllegalStateException("Producer is closed forcefully."));
    assertThat(second).isCompletedExceptionally();
    var unused = ingest.line().ingest(events("a", "b", "c"));
    assertThat(producer(1).sent()).containsExactly("a", "b", "c");
  }

  @Test
  void aLineWithNothingUnderWayGoesOnWithTheNextProducer() {
    Ingest.Line calm = ingest.line();
    var before = calm.ingest(events("a"));
    producer(0).completeNext();
    assertThat(before).isCompleted();
    var other = ingest.line().ingest(events("x"));
    producer(0).errorNext(new TimeoutException("expired"));
    assertThat(other).isCompletedExceptionally();
    var after = calm.ingest(events("b"));
    assertThat(producers).hasSize(2);
    producer(1).completeNext();
    assertThat(after).isCompleted();
  }

  @Test
  void whenNoProducerCanBeMadeTheNextTriesAgain() {
    var first = ingest.line().ingest(events("a"));
    namesResolve = false;
    producer(0).errorNext(new TimeoutException("expired"));
    assertThat(first).isCompletedExceptionally();
    assertThat(ingest.line().ingest(events("a"))).isCompletedExceptionally();
    namesResolve = true;
    var again = ingest.line().ingest(events("a"));
    producer(1).completeNext();
    assertThat(again).isCompleted();
  }

  @Test
  void anEventThatKafkaWillNeverTakeHurtsNobodyElse() {
    var other = ingest.line().ingest(events("x"));
    var large = ingest.line().ingest(events("y"));
    producer(0).completeNext();
    producer(0).errorNext(new RecordTooLargeException("too large"));
    assertThat(other).isCompleted();
    assertThat(large).isCompletedExceptionally();
    assertThat(producers).hasSize(1);
    assertThat(producer(0).closed()).isFalse();
  }

  @Test
  void nothingIsTakenWithoutEventsOnALineThatIsBroken() {
    Ingest.Line line = ingest.line();
    assertThat(line.ingest(List.of())).isCompleted();
    var unused = line.ingest(events("a"));
    producer(0).errorNext(new TimeoutException("expired"));
    assertThat(line.ingest(List.of())).isCompletedExceptionally();
  }
}
