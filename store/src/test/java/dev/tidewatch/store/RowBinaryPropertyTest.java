package dev.tidewatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** What the buffer writes the reader reads; the bytes themselves are checked against ClickHouse. */
class RowBinaryPropertyTest {
  @Property(tries = 300)
  void valuesComeBack(
      @ForAll byte small,
      @ForAll int number,
      @ForAll long large,
      @ForAll long high,
      @ForAll String text,
      @ForAll byte[] bytes,
      @ForAll @Size(max = 300) List<String> texts)
      throws IOException {
    RowBinaryBuffer buffer = new RowBinaryBuffer();
    buffer.int8(small);
    buffer.int32(number);
    buffer.int64(large);
    buffer.uuid(new UUID(high, large));
    buffer.string(text);
    buffer.string(ByteString.copyFrom(bytes));
    buffer.length(texts.size());
    texts.forEach(buffer::string);

    RowBinaryReader in = reader(buffer);
    assertThat(in.int8()).isEqualTo(small);
    assertThat(in.int32()).isEqualTo(number);
    assertThat(in.int64()).isEqualTo(large);
    assertThat(in.uuid()).isEqualTo(new UUID(high, large));
    assertThat(in.string()).isEqualTo(utf8(text));
    assertThat(in.bytes()).isEqualTo(bytes);
    assertThat(in.array(RowBinaryReader::string))
        .isEqualTo(texts.stream().map(RowBinaryPropertyTest::utf8).toList());
    assertThat(in.rows(RowBinaryReader::int8)).isEmpty();
  }

  @Property(tries = 50)
  void stringsOfAnyLengthComeBack(@ForAll @IntRange(max = 70_000) int length) throws IOException {
    String ascii = "a".repeat(length);
    RowBinaryBuffer buffer = new RowBinaryBuffer();
    buffer.string(ascii);
    buffer.string(ascii + "é");
    assertThat(reader(buffer).rows(RowBinaryReader::string)).containsExactly(ascii, ascii + "é");
  }

  @Property(tries = 100)
  void rowThatIsCutOffIsAnError(
      @ForAll @StringLength(min = 1, max = 200) String text, @ForAll int at) {
    RowBinaryBuffer buffer = new RowBinaryBuffer();
    buffer.string(text);
    byte[] whole = buffer.toByteArray();
    byte[] cut = Arrays.copyOf(whole, 1 + Math.floorMod(at, whole.length - 1));
    assertThatExceptionOfType(EOFException.class)
        .isThrownBy(
            () -> new RowBinaryReader(new ByteArrayInputStream(cut)).rows(RowBinaryReader::string));
  }

  @Example
  void lengthOfMoreThanFiveBytesIsAnError() {
    byte[] endless = {-1, -1, -1, -1, -1, -1, 1};
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> new RowBinaryReader(new ByteArrayInputStream(endless)).bytes());
  }

  @Example
  void clearedBufferStartsAgain() throws IOException {
    RowBinaryBuffer buffer = new RowBinaryBuffer();
    buffer.string(ByteString.copyFrom(new byte[40_000_000]));
    buffer.clear();
    buffer.string("x");
    assertThat(buffer.size()).isEqualTo(2);
    assertThat(reader(buffer).string()).isEqualTo("x");
  }

  private static RowBinaryReader reader(RowBinaryBuffer buffer) {
    return new RowBinaryReader(new ByteArrayInputStream(buffer.toByteArray()));
  }

  /** Lone surrogates have no UTF-8. */
  private static String utf8(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
