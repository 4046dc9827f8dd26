package dev.tidewatch.control.gateway.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidewatch.control.gateway.ingest.Decompression;
import dev.tidewatch.control.gateway.ingest.GatewayLimits;
import dev.tidewatch.events.v1.TelemetryEvent;
import dev.tidewatch.ingest.v1.AgentEvent;
import dev.tidewatch.ingest.v1.Batch;
import dev.tidewatch.ingest.v1.CompressedBlock;
import dev.tidewatch.ingest.v1.EventBlock;
import dev.tidewatch.ingest.v1.Refusal;
import dev.tidewatch.ingest.v1.RefusalReason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Opens agents' batches: what can be taken becomes events for Kafka, the rest is refused. */
final class Blocks {
  private static final int EVENT_ID_BYTES = 16;
  private static final int LONGEST_HOST = 255;
  private static final int LONGEST_ORIGIN = 1_024;

  private final GatewayLimits limits;
  private final Decompression decompression;

  Blocks(GatewayLimits limits) {
    this.limits = limits;
    this.decompression = new Decompression(limits);
  }

  /**
   * Who sends.
   *
   * @param host of events that name none
   */
  record Sender(String tenant, String agentId, String host) {}

  /**
   * @param events for Kafka
   * @param refusals of single events, or one of the whole batch
   */
  record Opened(List<TelemetryEvent> events, List<Refusal> refusals) {
    long bytes() {
      return events.stream().mapToLong(event -> event.getPayload().size()).sum();
    }
  }

  /**
   * What the batch costs in credit: the uncompressed block's bytes as announced, before anything is
   * opened.
   */
  static long cost(Batch batch) {
    return switch (batch.getBodyCase()) {
      case PLAIN -> batch.getPlain().getSerializedSize();
      case COMPRESSED -> Integer.toUnsignedLong(batch.getCompressed().getUncompressedBytes());
      case BODY_NOT_SET -> 0;
    };
  }

  /** Never throws for what an agent can send. */
  Opened open(Batch batch, Sender sender, long ingestTimeUs) {
    EventBlock block;
    try {
      block = block(batch);
    } catch (Decompression.TooLargeException e) {
      return refused(batch, RefusalReason.REFUSAL_REASON_TOO_LARGE, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return refused(batch, RefusalReason.REFUSAL_REASON_MALFORMED, String.valueOf(e.getMessage()));
    }
    if (block.getEventsCount() > limits.maxBlockEvents()) {
      return refused(
          batch,
          RefusalReason.REFUSAL_REASON_TOO_LARGE,
          block.getEventsCount() + " events; the limit is " + limits.maxBlockEvents());
    }
    List<TelemetryEvent> events = new ArrayList<>(block.getEventsCount());
    List<Refusal> refusals = new ArrayList<>();
    for (int i = 0; i < block.getEventsCount(); i++) {
      AgentEvent event = block.getEvents(i);
      RefusalReason reason = check(event);
      if (reason == RefusalReason.REFUSAL_REASON_UNSPECIFIED) {
        events.add(envelope(event, sender, ingestTimeUs));
      } else {
        refusals.add(refusal(batch.getSequence(), i, reason, describe(event, reason)));
      }
    }
    return new Opened(events, refusals);
  }

  private EventBlock block(Batch batch) throws IOException, Decompression.TooLargeException {
    if (batch.getBodyCase() == Batch.BodyCase.COMPRESSED) {
      CompressedBlock compressed = batch.getCompressed();
      byte[] data = compressed.getData().toByteArray();
      byte[] bytes =
          decompression.exactly(compressed.getUncompressedBytes(), codec(compressed), data);
      return EventBlock.parseFrom(bytes);
    }
    if (batch.getBodyCase() == Batch.BodyCase.BODY_NOT_SET) {
      throw new InvalidProtocolBufferException("the batch has no events");
    }
    return batch.getPlain();
  }

  private static Decompression.Codec codec(CompressedBlock block) throws IOException {
    return switch (block.getCodec()) {
      case CODEC_ZSTD -> Decompression.Codec.ZSTD;
      case CODEC_GZIP -> Decompression.Codec.GZIP;
      default -> throw new IOException("unknown codec " + block.getCodecValue());
    };
  }

  private RefusalReason check(AgentEvent event) {
    if (event.getEventId().size() != EVENT_ID_BYTES) {
      return RefusalReason.REFUSAL_REASON_EVENT_ID;
    }
    if (event.getPayload().isEmpty()) {
      return RefusalReason.REFUSAL_REASON_PAYLOAD_EMPTY;
    }
    if (event.getPayload().size() > limits.maxPayloadBytes()
        || event.getHost().length() > LONGEST_HOST
        || event.getOrigin().length() > LONGEST_ORIGIN) {
      return RefusalReason.REFUSAL_REASON_TOO_LARGE;
    }
    return RefusalReason.REFUSAL_REASON_UNSPECIFIED;
  }

  private String describe(AgentEvent event, RefusalReason reason) {
    return switch (reason) {
      case REFUSAL_REASON_EVENT_ID ->
          "the event id has " + event.getEventId().size() + " bytes, not " + EVENT_ID_BYTES;
      case REFUSAL_REASON_PAYLOAD_EMPTY -> "the payload is empty";
      default ->
          "payload of %d bytes, host of %d, origin of %d characters; the limits are %d, %d, %d"
              .formatted(
                  event.getPayload().size(),
                  event.getHost().length(),
                  event.getOrigin().length(),
                  limits.maxPayloadBytes(),
                  LONGEST_HOST,
                  LONGEST_ORIGIN);
    };
  }

  private static TelemetryEvent envelope(AgentEvent event, Sender sender, long ingestTimeUs) {
    String origin = "agent:" + sender.agentId();
    TelemetryEvent.Builder envelope =
        TelemetryEvent.newBuilder()
            .setTenantId(sender.tenant())
            .setEventId(event.getEventId())
            .setObservedTimeUs(event.getObservedTimeUs())
            .setIngestTimeUs(ingestTimeUs)
            .setHost(event.getHost().isEmpty() ? sender.host() : event.getHost())
            .setPayload(event.getPayload())
            .setOrigin(event.getOrigin().isEmpty() ? origin : origin + "/" + event.getOrigin())
            .setTimePolicyValue(event.getTimePolicyValue());
    if (event.hasSource()) {
      envelope.setSource(event.getSource());
    }
    return envelope.build();
  }

  private static Opened refused(Batch batch, RefusalReason reason, String detail) {
    return new Opened(List.of(), List.of(refusal(batch.getSequence(), -1, reason, detail)));
  }

  private static Refusal refusal(long sequence, int event, RefusalReason reason, String detail) {
    return Refusal.newBuilder()
        .setSequence(sequence)
        .setEvent(event)
        .setReason(reason)
        .setDetail(detail)
        .build();
  }
}
