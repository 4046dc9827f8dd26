package dev.tidewatch.agent.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import dev.tidewatch.agent.spool.Spool;
import dev.tidewatch.agent.spool.SpoolOptions;
import dev.tidewatch.agent.spool.SpoolRecord;
import dev.tidewatch.ingest.v1.AgentEvent;
import dev.tidewatch.ingest.v1.Batch;
import dev.tidewatch.ingest.v1.Codec;
import dev.tidewatch.ingest.v1.CompressedBlock;
import dev.tidewatch.ingest.v1.EventBlock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchWriterTest {
  @TempDir Path directory;

  private Spool spool() throws IOException {
    return Spool.open(directory, SpoolOptions.DEFAULT, InstantSource.system());
  }

  private static AgentEvent event(int number) {
    return AgentEvent.newBuilder()
        .setPayload(ByteString.copyFromUtf8("{\"number\":" + number + "}"))
        .build();
  }

  private static EventBlock block(SpoolRecord record) throws IOException {
    Batch batch = Batch.parseFrom(record.bytes());
    assertThat(batch.getSequence()).isZero();
    if (!batch.hasCompressed()) {
      return batch.getPlain();
    }
    CompressedBlock compressed = batch.getCompressed();
    byte[] data = compressed.getData().toByteArray();
    byte[] bytes =
        compressed.getCodec() == Codec.CODEC_ZSTD
            ? Zstd.decompress(data, compressed.getUncompressedBytes())
            : new GZIPInputStream(compressed.getData().newInput()).readAllBytes();
    assertThat(bytes).hasSize(compressed.getUncompressedBytes());
    return EventBlock.parseFrom(bytes);
  }

  private static List<Integer> numbers(Spool spool) throws IOException {
    List<Integer> numbers = new ArrayList<>();
    for (SpoolRecord record : spool.read(1, 1000, Long.MAX_VALUE)) {
      EventBlock block = block(record);
      assertThat(record.events()).isEqualTo(block.getEventsCount());
      for (AgentEvent event : block.getEventsList()) {
        numbers.add(Integer.valueOf(event.getPayload().toStringUtf8().replaceAll("\\D", "")));
      }
    }
    return numbers;
  }

  @Test
  void closesABatchByCountBySizeAndInOrderWithEveryCodec() throws Exception {
    for (Codec codec : List.of(Codec.CODEC_ZSTD, Codec.CODEC_GZIP, Codec.CODEC_UNSPECIFIED)) {
      try (Spool spool =
          Spool.open(
              directory.resolve(codec.name()), SpoolOptions.DEFAULT, InstantSource.system())) {
        BatchOptions options = new BatchOptions(10, 200, Duration.ofHours(1), codec);
        try (BatchWriter writer = new BatchWriter(spool, options)) {
          for (int i = 0; i < 55; i++) {
            writer.add(event(i));
          }
          assertThat(spool.stats().appended()).isBetween(40L, 54L);
          assertThat(spool.read(1, 1000, Long.MAX_VALUE))
              .allSatisfy(
                  record -> {
                    assertThat(record.events()).isLessThanOrEqualTo(10);
                    assertThat(block(record).getSerializedSize()).isLessThanOrEqualTo(200);
                  });
        }
        assertThat(numbers(spool))
            .containsExactlyElementsOf(java.util.stream.IntStream.range(0, 55).boxed().toList());
      }
    }
  }

  @Test
  void writesWhatLingersAndWhatIsFlushed() throws Exception {
    try (Spool spool = spool();
        BatchWriter writer =
            new BatchWriter(
                spool, new BatchOptions(100, 10_000, Duration.ofMillis(20), Codec.CODEC_ZSTD))) {
      writer.add(event(1));
      await().until(() -> spool.stats().lastSequence() == 1);
      writer.add(event(2));
      writer.flush();
      assertThat(numbers(spool)).containsExactly(1, 2);
    }
  }

  @Test
  void takesOneEventThatIsLargerThanABatch() throws Exception {
    AgentEvent large =
        AgentEvent.newBuilder().setPayload(ByteString.copyFrom(new byte[5000])).build();
    try (Spool spool = spool();
        BatchWriter writer =
            new BatchWriter(
                spool, new BatchOptions(100, 1000, Duration.ofHours(1), Codec.CODEC_ZSTD))) {
      writer.add(event(1));
      writer.add(large);
      writer.add(event(2));
      writer.flush();
      assertThat(spool.read(1, 10, Long.MAX_VALUE)).hasSize(3);
    }
  }
}
