package dev.tidewatch.embedded.clickhouse;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The ClickHouse engine of this process, over one data path. It lives as long as it has a
 * connection, so one spare stays open until {@link #close}.
 */
final class Engine implements AutoCloseable {
  /** Caches count towards the memory limit, and their defaults are larger than it. */
  private static final List<String> SMALL_CACHES =
      List.of(
          "--mark_cache_size=33554432",
          "--primary_index_cache_size=33554432",
          "--index_mark_cache_size=16777216",
          "--query_condition_cache_size=8388608",
          "--text_index_tokens_cache_size=8388608",
          "--text_index_header_cache_size=8388608",
          "--text_index_postings_cache_size=16777216",
          "--compiled_expression_cache_size=8388608",
          "--parquet_metadata_cache_size=8388608",
          "--iceberg_metadata_files_cache_size=1048576");

  private final String path;
  private final String queryLimit;
  private final EngineConnection spare;
  private final String version;

  private Engine(String path, EngineConnection spare, long maxMemoryBytes) {
    this.path = path;
    // One query alone must not make the others, inserts above all, run out of memory.
    this.queryLimit = "SET max_memory_usage = " + maxMemoryBytes / 4 * 3;
    this.spare = spare;
    this.version = spare.queryText("SELECT version()").strip();
  }

  /**
   * Opens the data path, creating it where missing.
   *
   * @param library libchdb.so
   * @param maxMemoryBytes for all queries together; above it queries fail with code 241
   */
  static Engine open(Path library, Path path, long maxMemoryBytes) {
    LibChdb.load(library);
    String pathArgument = "--path=" + path;
    List<String> arguments = new ArrayList<>(SMALL_CACHES);
    arguments.add(pathArgument);
    arguments.add("--max_server_memory_usage=" + maxMemoryBytes);
    return new Engine(pathArgument, connect(arguments), maxMemoryBytes);
  }

  /** A new connection with settings of its own; costs half a millisecond. */
  EngineConnection connect() {
    EngineConnection connection = connect(List.of(path));
    connection.execute(queryLimit);
    return connection;
  }

  private static EngineConnection connect(List<String> arguments) {
    List<byte[]> texts = new ArrayList<>();
    texts.add("clickhouse".getBytes(UTF_8));
    arguments.forEach(argument -> texts.add(argument.getBytes(UTF_8)));
    long text = (long) Native.POINTER_SIZE * (texts.size() + 1);
    long size = text + texts.stream().mapToLong(bytes -> bytes.length + 1).sum();
    try (Memory argv = new Memory(size)) {
      argv.clear();
      for (int i = 0; i < texts.size(); i++) {
        argv.write(text, texts.get(i), 0, texts.get(i).length);
        argv.setPointer((long) Native.POINTER_SIZE * i, argv.share(text));
        text += texts.get(i).length + 1;
      }
      return open(argv, texts.size());
    }
  }

  private static EngineConnection open(Pointer argv, int argc) {
    Pointer outer = LibChdb.chdb_connect(argc, argv);
    Pointer inner = outer == null ? null : outer.getPointer(0);
    if (outer == null || inner == null) {
      throw ClickHouseException.of(
          ClickHouseException.UNKNOWN_EXCEPTION,
          "UNKNOWN_EXCEPTION",
          "the engine refused a connection; its log names the reason");
    }
    return new EngineConnection(outer, inner);
  }

  String version() {
    return version;
  }

  /** Ends the engine; all other connections must be closed. */
  @Override
  public void close() {
    spare.close();
    LibChdb.chdb_shutdown();
  }
}
