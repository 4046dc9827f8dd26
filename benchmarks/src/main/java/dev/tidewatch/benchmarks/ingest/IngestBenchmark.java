package dev.tidewatch.benchmarks.ingest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import dev.tidewatch.embedded.EmbeddedKafka;
import dev.tidewatch.events.EventIds;
import dev.tidewatch.events.Topics;
import dev.tidewatch.events.v1.TelemetryEvent;
import dev.tidewatch.ingest.v1.AgentEvent;
import dev.tidewatch.ingest.v1.Batch;
import dev.tidewatch.ingest.v1.Codec;
import dev.tidewatch.ingest.v1.CompressedBlock;
import dev.tidewatch.ingest.v1.EventBlock;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Events per second through one gateway into Kafka, and the memory of idle streams. Broker and
 * clients are in this process, the gateway in another, all on the same cores.
 */
public final class IngestBenchmark {
  private static final int PARTITIONS = 2;
  private static final int WAVE = 100;
  private final Settings settings;
  private final Consumer<String> progress;

  /**
   * @param events sent through the gateway in each pass, and by the plain producer
   * @param batch events in a batch
   * @param bytes of an event's payload
   * @param streams that send
   * @param idle streams that do not; 0 leaves that part out
   * @param heapMegabytes of the gateway's JVM
   */
  public record Settings(
      long events, int batch, int bytes, int streams, int idle, int heapMegabytes) {}

  public IngestBenchmark(Settings settings, Consumer<String> progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * @param scratch an empty directory
   */
  public ObjectNode run(Path scratch)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    Path directory = scratch.resolve("gateway");
    int agents = Math.max(settings.streams(), settings.idle());
    progress.accept("enrolling " + agents + " agents");
    Identities identities = Identities.enroll(directory, agents);
    EventLoopGroup threads = new NioEventLoopGroup(2);
    try (EmbeddedKafka kafka = EmbeddedKafka.start(scratch.resolve("kafka"), 0)) {
      kafka.createTopic(Topics.TELEMETRY, PARTITIONS);
      try (GatewayProcess gateway =
          GatewayProcess.start(directory, kafka.bootstrapServers(), settings.heapMegabytes())) {
        load(result, kafka, gateway, identities, threads);
        if (settings.idle() > 0) {
          result.set("idle", idle(gateway, identities, threads));
        }
      }
    } finally {
      threads.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
    return result;
  }

  private void load(
      ObjectNode result,
      EmbeddedKafka kafka,
      GatewayProcess gateway,
      Identities identities,
      EventLoopGroup threads)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    EventBlock block = block();
    progress.accept("warming up");
    pass(gateway, identities, threads, plain(block), settings.events() / 2);
    double producer = producer(kafka, block);
    result.put("plain_producer_events_per_second", Math.round(producer));
    progress.accept("plain producer " + Math.round(producer) + " events/s");
    for (Map.Entry<String, LoadAgent.Prepared> kind :
        List.of(Map.entry("uncompressed", plain(block)), Map.entry("zstd", zstd(block)))) {
      ObjectNode pass = pass(gateway, identities, threads, kind.getValue(), settings.events());
      pass.put(
          "ratio_to_plain_producer",
          Math.round(1000 * pass.path("events_per_second").asDouble() / producer) / 1000.0);
      result.set(kind.getKey(), pass);
      progress.accept(kind.getKey() + " " + pass);
    }
    double again = producer(kafka, block);
    result.put("plain_producer_events_per_second_after", Math.round(again));
  }

  private ObjectNode pass(
      GatewayProcess gateway,
      Identities identities,
      EventLoopGroup threads,
      LoadAgent.Prepared batch,
      long events)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    long batches = Math.max(1, events / settings.batch() / settings.streams());
    List<LoadAgent> agents = new ArrayList<>();
    try {
      for (int i = 0; i < settings.streams(); i++) {
        agents.add(new LoadAgent(gateway.port(), identities, i, threads, batch, batches));
      }
      Duration cpu = gateway.cpu();
      long start = System.nanoTime();
      agents.forEach(LoadAgent::open);
      long end = start;
      for (LoadAgent agent : agents) {
        end = Math.max(end, agent.done().get(10, TimeUnit.MINUTES));
      }
      long sent = batches * settings.batch() * settings.streams();
      double seconds = (end - start) / 1e9;
      return JsonNodeFactory.instance
          .objectNode()
          .put("events", sent)
          .put("seconds", seconds)
          .put("events_per_second", Math.round(sent / seconds))
          .put("gateway_cpu_us_per_event", gateway.cpu().minus(cpu).toNanos() / 1_000.0 / sent)
          .put("gateway_resident_mb", gateway.residentMegabytes());
    } finally {
      agents.forEach(LoadAgent::close);
    }
  }

  /** The same records, made beforehand, by a producer with the gateway's settings. */
  private double producer(EmbeddedKafka kafka, EventBlock block) {
    List<byte[]> values = new ArrayList<>();
    for (AgentEvent event : block.getEventsList()) {
      values.add(
          TelemetryEvent.newBuilder()
              .setTenantId("bench")
              .setEventId(event.getEventId())
              .setObservedTimeUs(event.getObservedTimeUs())
              .setIngestTimeUs(event.getObservedTimeUs())
              .setHost(event.getHost())
              .setOrigin("agent:00000000-0000-7000-0000-000000000000/bench")
              .setPayload(event.getPayload())
              .build()
              .toByteArray());
    }
    byte[] key = "bench\0host".getBytes(StandardCharsets.UTF_8);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "acks",
                "all",
                "compression.type",
                "lz4",
                "linger.ms",
                2,
                "batch.size",
                256 << 10,
                "buffer.memory",
                192L << 20),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      long start = System.nanoTime();
      for (long i = 0; i < settings.events(); i++) {
        var unused =
            producer.send(
                new ProducerRecord<>(Topics.TELEMETRY, key, values.get((int) (i % values.size()))));
      }
      producer.flush();
      return settings.events() / ((System.nanoTime() - start) / 1e9);
    }
  }

  private ObjectNode idle(GatewayProcess gateway, Identities identities, EventLoopGroup threads)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    List<LoadAgent> agents = new ArrayList<>();
    long before = gateway.residentMegabytes();
    LoadAgent.Prepared nothing = new LoadAgent.Prepared(Batch.getDefaultInstance(), 0);
    long start = System.nanoTime();
    try {
      for (int from = 0; from < settings.idle(); from += WAVE) {
        List<LoadAgent> wave = new ArrayList<>();
        for (int i = from; i < Math.min(settings.idle(), from + WAVE); i++) {
          wave.add(new LoadAgent(gateway.port(), identities, i, threads, nothing, 0));
        }
        agents.addAll(wave);
        for (var welcome : wave.stream().map(LoadAgent::open).toList()) {
          var unused = welcome.get(60, TimeUnit.SECONDS);
        }
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      Duration cpu = gateway.cpu();
      TimeUnit.SECONDS.sleep(10);
      return JsonNodeFactory.instance
          .objectNode()
          .put("streams", agents.size())
          .put("resident_mb_before", before)
          .put("resident_mb", gateway.residentMegabytes())
          .put("connected_in_seconds", seconds)
          .put("idle_cpu_percent", gateway.cpu().minus(cpu).toMillis() / 100.0);
    } finally {
      agents.forEach(LoadAgent::close);
    }
  }

  private EventBlock block() {
    Random random = new Random(1);
    EventBlock.Builder block = EventBlock.newBuilder();
    for (int i = 0; i < settings.batch(); i++) {
      block.addEvents(
          AgentEvent.newBuilder()
              .setEventId(EventIds.bytes(EventIds.next()))
              .setObservedTimeUs(System.currentTimeMillis() * 1_000)
              .setHost("host-" + i % 10)
              .setOrigin("bench")
              .setPayload(payload(random)));
    }
    return block.build();
  }

  /** Like a process event: repeated names, values of which some are random. */
  private ByteString payload(Random random) {
    StringBuilder json =
        new StringBuilder("{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":1,")
            .append("\"Image\":\"C:\\\\Windows\\\\System32\\\\svchost.exe\",\"ProcessId\":")
            .append(random.nextInt(60_000))
            .append(",\"Hashes\":\"SHA256=");
    for (int i = 0; i < 8; i++) {
      json.append(String.format("%08X", random.nextInt()));
    }
    json.append("\",\"CommandLine\":\"svchost.exe -k ");
    while (json.length() < settings.bytes() - 2) {
      json.append((char) ('a' + random.nextInt(26)));
    }
    return ByteString.copyFromUtf8(json.append("\"}").toString());
  }

  private static LoadAgent.Prepared plain(EventBlock block) {
    return new LoadAgent.Prepared(
        Batch.newBuilder().setPlain(block).build(), block.getSerializedSize());
  }

  private static LoadAgent.Prepared zstd(EventBlock block) {
    byte[] bytes = block.toByteArray();
    CompressedBlock compressed =
        CompressedBlock.newBuilder()
            .setCodec(Codec.CODEC_ZSTD)
            .setUncompressedBytes(bytes.length)
            .setData(ByteString.copyFrom(Zstd.compress(bytes, 1)))
            .build();
    return new LoadAgent.Prepared(
        Batch.newBuilder().setCompressed(compressed).build(), bytes.length);
  }
}
