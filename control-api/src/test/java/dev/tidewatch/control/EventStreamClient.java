package dev.tidewatch.control;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.tidewatch.control.v1.StreamAlertsResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Reads server-sent events as a browser does. */
final class EventStreamClient implements AutoCloseable {
  /**
   * @param data not decoded
   */
  record Event(String name, String id, String data) {
    StreamAlertsResponse response() {
      StreamAlertsResponse.Builder builder = StreamAlertsResponse.newBuilder();
      try {
        JsonFormat.parser().merge(data, builder);
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(data, e);
      }
      return builder.build();
    }
  }

  private final InputStream body;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

  EventStreamClient(String url, String lastEventId) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    if (!lastEventId.isEmpty()) {
      request.header("Last-Event-ID", lastEventId);
    }
    HttpResponse<InputStream> response =
        HttpClient.newHttpClient()
            .send(
                request.version(HttpClient.Version.HTTP_1_1).build(),
                HttpResponse.BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      throw new IOException(response.statusCode() + " " + text(response.body()));
    }
    body = response.body();
    Thread reader = new Thread(this::read, "event-stream-client");
    reader.setDaemon(true);
    reader.start();
  }

  private static String text(InputStream body) throws IOException {
    return new String(body.readAllBytes(), StandardCharsets.UTF_8);
  }

  private void read() {
    String name = "";
    String id = "";
    String data = "";
    try (Scanner lines = new Scanner(body, StandardCharsets.UTF_8)) {
      while (lines.hasNextLine()) {
        String line = lines.nextLine();
        if (line.startsWith("event: ")) {
          name = line.substring(7);
        } else if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("data: ")) {
          data = line.substring(6);
        } else if (line.isEmpty() && !data.isEmpty()) {
          events.add(new Event(name, id, data));
          data = "";
        }
      }
    }
  }

  Event next() throws InterruptedException {
    Event event = events.poll(60, TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("no event within a minute");
    }
    return event;
  }

  /** Events up to the first for which {@code last} holds. */
  List<Event> until(Predicate<List<Event>> last) throws InterruptedException {
    List<Event> seen = new ArrayList<>();
    while (!last.test(seen)) {
      seen.add(next());
    }
    return seen;
  }

  /** Alert ids of the next events, as many as {@code count}. */
  List<String> alertIds(int count) throws InterruptedException {
    return ids(until(events -> ids(events).size() >= count));
  }

  static List<String> ids(List<Event> events) {
    return events.stream()
        .flatMap(event -> event.response().getAlertsList().stream())
        .map(alert -> alert.getAlertId())
        .toList();
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
