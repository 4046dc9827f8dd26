package dev.tidewatch.agent.update;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A file that is read where the kernel keeps it. */
record MappedFile(ByteBuffer bytes) {
  private static final int DONT_NEED = 4;

  private interface LibC extends Library {
    LibC INSTANCE = Native.load("c", LibC.class);

    int madvise(Pointer address, NativeLong length, int advice);
  }

  static MappedFile of(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      return new MappedFile(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
    }
  }

  /**
   * Takes the pages out of this process's memory; they come back when they are read. Without it all
   * that was ever read counts as resident, until the garbage collector finds the mapping. Linux
   * only: elsewhere it does nothing.
   */
  void release() {
    if (Platform.isLinux() && bytes.hasRemaining()) {
      int unused =
          LibC.INSTANCE.madvise(
              Native.getDirectBufferPointer(bytes), new NativeLong(bytes.capacity()), DONT_NEED);
    }
  }
}
