package dev.tidewatch.agent.release;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDictCompress;
import com.github.luben.zstd.ZstdException;
import dev.tidewatch.agent.update.ZstdPatch;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes what {@link ZstdPatch} applies, and tries it. At level 19 zstd indexes the whole old file
 * in a binary tree, so that a match is found wherever it is: long-distance matching proper is not
 * to be had with a dictionary through zstd-jni. Takes half a minute and 300 MB for 32 MB.
 */
final class PatchMaker {
  private static final int LEVEL = 19;

  private PatchMaker() {}

  /**
   * Writes the patch.
   *
   * @return whether there is one that makes the new file and is smaller than it
   */
  static boolean make(Path old, Path fresh, Path patch) throws IOException {
    ByteBuffer from = map(old);
    ByteBuffer to = map(fresh);
    if (!from.hasRemaining() || !to.hasRemaining()) {
      return false;
    }
    try (OutputStream out = Files.newOutputStream(patch);
        ZstdDictCompress dictionary = new ZstdDictCompress(from, LEVEL, true);
        ZstdCompressCtx context = new ZstdCompressCtx()) {
      context.loadDict(dictionary);
      context.setChecksum(true);
      context.setContentSize(true);
      int frame = ZstdPatch.FRAME_BYTES;
      ByteBuffer packed = ByteBuffer.allocateDirect((int) Zstd.compressBound(frame));
      for (int at = 0; at < to.limit(); at += frame) {
        int length = Math.min(frame, to.limit() - at);
        int size = context.compressDirectByteBuffer(packed, 0, packed.capacity(), to, at, length);
        byte[] bytes = new byte[size];
        packed.get(0, bytes);
        out.write(bytes);
      }
    } catch (IllegalStateException e) {
      // The old file begins like a dictionary of zstd's own and is none.
      return false;
    } catch (ZstdException e) {
      throw new IOException("no patch from " + old + ": " + e.getMessage(), e);
    }
    return Files.size(patch) < Files.size(fresh) && makes(old, patch, fresh);
  }

  private static ByteBuffer map(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
    }
  }

  /** Whether the patch, applied, makes the new file. */
  private static boolean makes(Path old, Path patch, Path fresh) throws IOException {
    Path made = Files.createTempFile(patch.toAbsolutePath().getParent(), "patched", ".try");
    try {
      try (OutputStream out = Files.newOutputStream(made)) {
        ZstdPatch.apply(old, patch, out, Files.size(fresh));
      } catch (IOException e) {
        return false;
      }
      return Files.mismatch(made, fresh) < 0;
    } finally {
      Files.delete(made);
    }
  }
}
