package dev.tidewatch.embedded.clickhouse;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.Map;

/**
 * Query parameters ({@code param_x}) as the four C arrays that libchdb takes: names, their lengths,
 * values, their lengths. Values travel beside the SQL, never inside it. One allocation holds all.
 */
final class NativeParameters implements AutoCloseable {
  private final Memory memory;
  private final int count;

  NativeParameters(Map<String, String> parameters) {
    count = parameters.size();
    byte[][] texts = new byte[2 * count][];
    long size = 4L * count * Native.POINTER_SIZE + 1;
    int next = 0;
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      texts[next] = parameter.getKey().getBytes(UTF_8);
      texts[next + count] = parameter.getValue().getBytes(UTF_8);
      size += texts[next].length + texts[next + count].length + 2;
      next++;
    }
    memory = new Memory(size);
    memory.clear();
    fill(texts);
  }

  private void fill(byte[][] texts) {
    long text = 4L * count * Native.POINTER_SIZE;
    for (int i = 0; i < texts.length; i++) {
      int array = i < count ? 0 : 2;
      int index = i < count ? i : i - count;
      memory.write(text, texts[i], 0, texts[i].length);
      memory.setPointer(offset(array, index), memory.share(text));
      memory.setLong(offset(array + 1, index), texts[i].length);
      text += texts[i].length + 1;
    }
  }

  private long offset(int array, int index) {
    return ((long) array * count + index) * Native.POINTER_SIZE;
  }

  Pointer names() {
    return memory.share(offset(0, 0));
  }

  Pointer nameLengths() {
    return memory.share(offset(1, 0));
  }

  Pointer values() {
    return memory.share(offset(2, 0));
  }

  Pointer valueLengths() {
    return memory.share(offset(3, 0));
  }

  long count() {
    return count;
  }

  @Override
  public void close() {
    memory.close();
  }
}
