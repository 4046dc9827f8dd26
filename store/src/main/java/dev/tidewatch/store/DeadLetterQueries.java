package dev.tidewatch.store;

import dev.tidewatch.control.v1.DeadLetterCount;
import dev.tidewatch.control.v1.DeadLetterSample;
import dev.tidewatch.control.v1.ListDeadLettersResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Records that could not be read, with the beginning of each. Every answer is of one tenant.
 * Thread-safe. Throws {@link StoreUnavailableException} when ClickHouse cannot answer now.
 */
public final class DeadLetterQueries {
  /** Bytes of a record that are shown. */
  static final int SAMPLE_BYTES = 2_048;

  private final Server server;

  DeadLetterQueries(Server server) {
    this.server = server;
  }

  /**
   * Dead letters of a tenant, newest first, and how many there are of each code.
   *
   * @param withUnowned those whose envelope could not be read, too: they name no tenant
   * @param code empty for all
   * @param limit 1 to 1000
   */
  public ListDeadLettersResponse list(
      String tenantId, boolean withUnowned, String code, int limit) {
    return ListDeadLettersResponse.newBuilder()
        .addAllDeadLetters(
            server.query(
                "list dead letters",
                "SELECT time, code, reason, topic, partition, offset, tenant_id,"
                    + " substring(record, 1, "
                    + SAMPLE_BYTES
                    + "), length(record) FROM dead_letters FINAL WHERE "
                    + whose(withUnowned)
                    + " AND ({code:String} = '' OR code = {code:String})"
                    + " ORDER BY time DESC, partition, offset DESC LIMIT {limit:UInt32}",
                tenant(tenantId)
                    .string("code", code)
                    .number("limit", QueryLimits.between("limit", limit, 1, 1000)),
                DeadLetterQueries::sample))
        .addAllCodes(
            server.query(
                "count dead letters",
                "SELECT code, count(), max(time) FROM dead_letters FINAL WHERE "
                    + whose(withUnowned)
                    + " GROUP BY code ORDER BY count() DESC, code LIMIT 100",
                tenant(tenantId),
                DeadLetterQueries::count))
        .build();
  }

  private static QueryParameters tenant(String tenantId) {
    return new QueryParameters().string("tenant", QueryLimits.tenant(tenantId));
  }

  private static String whose(boolean withUnowned) {
    return withUnowned ? "tenant_id IN ({tenant:String}, '')" : "tenant_id = {tenant:String}";
  }

  private static DeadLetterSample sample(RowBinaryReader in) throws IOException {
    return DeadLetterSample.newBuilder()
        .setTimeMs(AlertRows.millis(in))
        .setCode(in.string())
        .setReason(in.string())
        .setTopic(in.string())
        .setPartition(in.int32())
        .setOffset(in.int64())
        .setTenantId(in.string())
        .setSample(text(in.bytes()))
        .setRecordBytes(in.int64())
        .build();
  }

  /**
   * A character that the cut went through is left out; other bytes that are no UTF-8 are replaced.
   */
  private static String text(byte[] bytes) {
    int end = bytes.length;
    if (end == SAMPLE_BYTES) {
      int start = end - 1;
      while (start > end - 4 && (bytes[start] & 0xC0) == 0x80) {
        start--;
      }
      if ((bytes[start] & 0xC0) == 0xC0) {
        end = start;
      }
    }
    return new String(Arrays.copyOf(bytes, end), StandardCharsets.UTF_8);
  }

  private static DeadLetterCount count(RowBinaryReader in) throws IOException {
    return DeadLetterCount.newBuilder()
        .setCode(in.string())
        .setCount(in.int64())
        .setNewestMs(AlertRows.millis(in))
        .build();
  }
}
