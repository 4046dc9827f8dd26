package dev.tidewatch.control.audit;

import com.google.protobuf.ByteString;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.v1.AuditRecord;
import dev.tidewatch.control.v1.VerifyChainResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a chain from its first record: numbers without a gap, each hash that of its record,
 * each link that of the record before, and every signed day whole. Stops at the first that is not
 * so.
 */
final class ChainVerifier {
  private final String tenant;
  private final SigningKey key;
  private final Deque<DaySeal> seals;
  private final List<byte[]> day = new ArrayList<>();
  private final VerifyChainResponse.Builder result = VerifyChainResponse.newBuilder();
  private ByteString previous = ByteString.copyFrom(RecordHash.NONE);
  private long sequence;

  private ChainVerifier(String tenant, SigningKey key, List<DaySeal> seals) {
    this.tenant = tenant;
    this.key = key;
    this.seals = new ArrayDeque<>(seals);
    result.setSignedDays(seals.size());
  }

  static VerifyChainResponse verify(TenantTransaction transaction, SigningKey key) {
    ChainVerifier verifier =
        new ChainVerifier(transaction.tenant(), key, AuditSeals.list(transaction));
    try (Stream<AuditRecord> records =
        transaction
            .query(
                "SELECT %s FROM audit_log WHERE tenant_id = :tenant ORDER BY sequence"
                    .formatted(AuditRows.COLUMNS))
            .setFetchSize(1_000)
            .map((row, context) -> AuditRows.record(row))
            .stream()) {
      return verifier.verify(records.iterator());
    }
  }

  /** Of records that are not in a database. */
  static VerifyChainResponse verify(
      String tenant, SigningKey key, List<DaySeal> seals, Iterator<AuditRecord> records) {
    return new ChainVerifier(tenant, key, seals).verify(records);
  }

  private VerifyChainResponse verify(Iterator<AuditRecord> records) {
    while (records.hasNext()) {
      AuditRecord record = records.next();
      String fault = fault(record);
      if (fault != null) {
        return broken(fault, record.getSequence());
      }
      sequence = record.getSequence();
      previous = record.getHash();
      day.add(previous.toByteArray());
      DaySeal seal = seals.peek();
      if (seal != null && sequence >= seal.last()) {
        String broken = fault(seal);
        if (broken != null) {
          return result
              .setBrokenDay(seal.day().toString())
              .mergeFrom(broken(broken, seal.first()))
              .build();
        }
        seals.remove();
      }
    }
    DaySeal cut = seals.peek();
    if (cut != null) {
      result.setBrokenDay(cut.day().toString());
      return broken(
          "the chain ends before record " + cut.last() + " of a signed day", sequence + 1);
    }
    return result.setIntact(true).setRecords(sequence).setHead(previous).build();
  }

  private @Nullable String fault(AuditRecord record) {
    if (record.getSequence() != sequence + 1) {
      return "a record is missing: " + (sequence + 1) + " is followed by " + record.getSequence();
    }
    if (!record.getPreviousHash().equals(previous)) {
      return "the record does not carry the hash of the one before";
    }
    boolean genuine = Arrays.equals(RecordHash.of(tenant, record), record.getHash().toByteArray());
    return genuine ? null : "the record is not what its hash was made of";
  }

  /** Of the day whose last record was just read. */
  private @Nullable String fault(DaySeal seal) {
    List<byte[]> hashes = List.copyOf(day);
    day.clear();
    if (seal.last() != sequence || seal.first() != sequence - hashes.size() + 1) {
      return "the signed day does not begin or end where the one before it ended";
    }
    if (!Arrays.equals(MerkleTree.root(hashes), seal.root())) {
      return "the day's records are not those whose root was signed";
    }
    return seal.isSignedBy(key, tenant) ? null : "the day's signature is not of this key";
  }

  private VerifyChainResponse broken(String reason, long at) {
    return result.setReason(reason).setBrokenSequence(at).setRecords(sequence).build();
  }
}
