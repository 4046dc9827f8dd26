package dev.tidewatch.agent.update;

import com.github.luben.zstd.ZstdDictDecompress;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file as what has changed since an older one: zstd frames of {@value #FRAME_BYTES} bytes of the
 * new file each, every one with the whole old file as its dictionary of raw content.
 *
 * <p>A zstd window may reach into a dictionary only until it has moved past its beginning, and the
 * decoder's memory is the window. Small frames begin anew each time: the old file, however large,
 * is in reach everywhere, while the decoder holds one frame. The old file is mapped and used where
 * it lies: it costs page cache, no heap, and little resident memory. The zstd program can apply
 * one, too: {@code zstd -d -D OLD PATCH} with files up to its limit of 32 MB.
 */
public final class ZstdPatch {
  /** Of the new file in a frame: also what the decoder keeps in memory. */
  public static final int FRAME_BYTES = 2 << 20;

  private static final int BUFFER = 16 << 10;
  private static final int RELEASE_BYTES = 256 << 10;
  private static final int WINDOW_LOG = 21;

  private ZstdPatch() {}

  /**
   * Writes the new file. Nothing is known about it then: the caller compares length and hashes.
   *
   * @param most bytes; after them it ends with an error
   * @throws IOException when the patch is damaged, or for another file, or too long
   */
  public static void apply(Path old, Path patch, OutputStream to, long most) throws IOException {
    MappedFile dictionary = MappedFile.of(old);
    try (InputStream file = new BufferedInputStream(Files.newInputStream(patch), BUFFER);
        ZstdInputStreamNoFinalizer in = new ZstdInputStreamNoFinalizer(file);
        ZstdDictDecompress content = new ZstdDictDecompress(dictionary.bytes(), true)) {
      in.setLongMax(WINDOW_LOG);
      in.setDict(content);
      byte[] buffer = new byte[BUFFER];
      long bytes = 0;
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if ((bytes + n) / RELEASE_BYTES > bytes / RELEASE_BYTES) {
          dictionary.release();
        }
        bytes += n;
        if (bytes > most) {
          throw new IOException("the patch makes more than " + most + " bytes");
        }
        to.write(buffer, 0, n);
      }
    } catch (IllegalStateException | OutOfMemoryError e) {
      throw new IOException("the patch cannot be applied: " + e.getMessage(), e);
    }
  }
}
