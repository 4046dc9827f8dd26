package dev.tidewatch.embedded.clickhouse;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The C API of libchdb 26.7 ({@code chdb.h}), direct-mapped. A {@code chdb_connection} is a pointer
 * to a pointer: {@link #chdb_connect} returns the outer one, queries take the inner one.
 *
 * <p>Text goes as bytes plus length. Results belong to the caller, who destroys them.
 */
final class LibChdb {
  /**
   * Loads the library into this process, for good.
   *
   * @throws UnsatisfiedLinkError when the file is not libchdb of the right API
   */
  static void load(Path library) {
    Native.register(LibChdb.class, NativeLibrary.getInstance(library.toString()));
    // The engine's own SIGSEGV and friends would replace the JVM's, which then hangs.
    chdb_set_signal_handlers_enabled(0);
  }

  static native void chdb_set_signal_handlers_enabled(int enabled);

  static native @Nullable Pointer chdb_connect(int argc, Pointer argv);

  static native void chdb_close_conn(Pointer connection);

  static native @Nullable Pointer chdb_query_with_params_n(
      Pointer connection,
      byte[] query,
      long queryLength,
      byte[] format,
      long formatLength,
      Pointer names,
      Pointer nameLengths,
      Pointer values,
      Pointer valueLengths,
      long count);

  static native @Nullable Pointer chdb_stream_query_with_params_n(
      Pointer connection,
      byte[] query,
      long queryLength,
      byte[] format,
      long formatLength,
      Pointer names,
      Pointer nameLengths,
      Pointer values,
      Pointer valueLengths,
      long count);

  static native @Nullable Pointer chdb_stream_fetch_result(Pointer connection, Pointer result);

  static native void chdb_stream_cancel_query(Pointer connection, Pointer result);

  static native void chdb_destroy_query_result(Pointer result);

  static native @Nullable Pointer chdb_stream_insert_with_params_n(
      Pointer connection,
      byte[] query,
      long queryLength,
      byte[] format,
      long formatLength,
      Pointer names,
      Pointer nameLengths,
      Pointer values,
      Pointer valueLengths,
      long count);

  /** 0 = taken. */
  static native int chdb_stream_append(Pointer stream, byte[] data, long length);

  static native @Nullable Pointer chdb_stream_done(Pointer stream);

  static native void chdb_stream_cancel_insert(Pointer stream);

  static native @Nullable Pointer chdb_stream_insert_error(Pointer stream);

  static native void chdb_destroy_insert_stream(Pointer stream);

  static native @Nullable Pointer chdb_result_buffer(Pointer result);

  static native long chdb_result_length(Pointer result);

  static native long chdb_result_rows_read(Pointer result);

  static native long chdb_result_bytes_read(Pointer result);

  static native long chdb_result_storage_rows_read(Pointer result);

  static native long chdb_result_storage_bytes_read(Pointer result);

  static native long chdb_result_rows_written(Pointer result);

  static native long chdb_result_bytes_written(Pointer result);

  static native @Nullable Pointer chdb_result_error(Pointer result);

  static native int chdb_shutdown();

  private LibChdb() {}
}
