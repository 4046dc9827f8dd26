package dev.tidewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class EventFileTest {
  @Test
  void linesAreRecords() throws IOException {
    assertThat(read("{\"a\":1}\n{\"b\":\"}{\"}\r\n\n{\"c\":[{}]}"))
        .containsExactly("{\"a\":1}", "{\"b\":\"}{\"}", "{\"c\":[{}]}");
  }

  @Test
  void concatenatedPrettyPrintedObjects() throws IOException {
    String one = "{\n  \"a\": {\n    \"b\": \"x\\\"}\"\n  }\n}";
    assertThat(read(one + "\n" + one + one)).containsExactly(one, one, one);
  }

  @Test
  void objectsOnOneLine() throws IOException {
    assertThat(read("{\"a\":1}{\"b\":2} {\"c\":3}"))
        .containsExactly("{\"a\":1}", "{\"b\":2}", "{\"c\":3}");
  }

  @Test
  void anArrayOfObjects() throws IOException {
    assertThat(read("[{\"a\":[1]},\n {\"b\":2}\n]\n")).containsExactly("{\"a\":[1]}", "{\"b\":2}");
  }

  @Test
  void aBrokenLineCostsOnlyItself() throws IOException {
    assertThat(read("{\"a\":1}\n{\"b\": \"open\n{\"c\":3}\nnot json\n{\"d\":4}\n"))
        .containsExactly("{\"a\":1}", "{\"b\": \"open", "{\"c\":3}", "not json", "{\"d\":4}");
  }

  @Test
  void aByteOrderMarkIsSkippedAndGzipIsRead() throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write("\uFEFF{\"a\":1}\n".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(read(zipped.toByteArray(), 1000)).containsExactly("{\"a\":1}");
  }

  @Test
  void anEndlessRecordComesInPieces() throws IOException {
    List<String> records =
        read(("{\"a\":\"" + "x".repeat(300_000)).getBytes(StandardCharsets.UTF_8), 100_000);
    assertThat(records)
        .hasSizeGreaterThan(1)
        .allSatisfy(r -> assertThat(r.length()).isLessThan(250_000));
    assertThat(String.join("", records)).hasSize(300_006);
  }

  @Test
  void anEmptyFileHasNone() throws IOException {
    assertThat(read("")).isEmpty();
    assertThat(read("\n \n")).isEmpty();
  }

  private static List<String> read(String text) throws IOException {
    return read(text.getBytes(StandardCharsets.UTF_8), 1 << 20);
  }

  private static List<String> read(byte[] bytes, int limit) throws IOException {
    List<String> records = new ArrayList<>();
    try (EventFile file = EventFile.of(new ByteArrayInputStream(bytes), limit)) {
      for (byte[] record = file.next(); record != null; record = file.next()) {
        records.add(new String(record, StandardCharsets.UTF_8));
      }
    }
    return records;
  }
}
