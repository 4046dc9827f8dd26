package dev.tidewatch.remember;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Texts in checkpoints: a length in bytes (-1: null), then UTF-8. Unlike writeUTF they may be long.
 */
public final class StateText {
  private StateText() {}

  public static void write(String text, DataOutput out) throws IOException {
    writeNullable(text, out);
  }

  public static void writeNullable(@Nullable String text, DataOutput out) throws IOException {
    if (text == null) {
      out.writeInt(-1);
      return;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  public static String read(DataInput in) throws IOException {
    String text = readNullable(in);
    if (text == null) {
      throw new IOException("null where a text is expected");
    }
    return text;
  }

  public static @Nullable String readNullable(DataInput in) throws IOException {
    int length = in.readInt();
    if (length < 0) {
      return null;
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
