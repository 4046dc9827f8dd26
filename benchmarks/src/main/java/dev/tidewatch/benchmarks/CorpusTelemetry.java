package dev.tidewatch.benchmarks;

import com.google.protobuf.ByteString;
import dev.tidewatch.events.EventIds;
import dev.tidewatch.events.v1.TelemetryEvent;
import dev.tidewatch.events.v1.TimePolicy;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Recorded events as endless telemetry: each with an id of its own, in the present, shuffled. */
final class CorpusTelemetry {
  private static final long SEED = 20_260_301;
  private final List<ByteString> payloads = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private int next;

  static CorpusTelemetry read(Path directory, String glob) throws IOException {
    CorpusTelemetry telemetry = new CorpusTelemetry();
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, glob)) {
      found.forEach(files::add);
    }
    Collections.sort(files);
    for (Path file : files) {
      telemetry.names.add(file.getFileName().toString());
      Files.readAllLines(file).stream()
          .filter(line -> !line.isBlank())
          .map(ByteString::copyFromUtf8)
          .forEach(telemetry.payloads::add);
    }
    if (telemetry.payloads.isEmpty()) {
      throw new IOException("no events in " + directory.resolve(glob));
    }
    Collections.shuffle(telemetry.payloads, new Random(SEED));
    return telemetry;
  }

  List<String> names() {
    return List.copyOf(names);
  }

  int size() {
    return payloads.size();
  }

  double meanBytes() {
    return payloads.stream().mapToInt(ByteString::size).average().orElse(0);
  }

  TelemetryEvent next() {
    ByteString payload = payloads.get(next++ % payloads.size());
    long micros = System.currentTimeMillis() * 1_000;
    return TelemetryEvent.newBuilder()
        .setTenantId("default")
        .setEventId(EventIds.bytes(EventIds.next()))
        .setObservedTimeUs(micros)
        .setIngestTimeUs(micros)
        .setTimePolicy(TimePolicy.TIME_POLICY_OBSERVED)
        .setPayload(payload)
        .build();
  }
}
