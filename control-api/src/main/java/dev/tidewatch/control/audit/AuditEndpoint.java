package dev.tidewatch.control.audit;

import com.google.protobuf.ByteString;
import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.request.Answer;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.request.PageKey;
import dev.tidewatch.control.v1.AuditRecord;
import dev.tidewatch.control.v1.AuditServiceGrpc;
import dev.tidewatch.control.v1.DayRoot;
import dev.tidewatch.control.v1.ExportAuditDayRequest;
import dev.tidewatch.control.v1.ExportAuditDayResponse;
import dev.tidewatch.control.v1.ListAuditRecordsRequest;
import dev.tidewatch.control.v1.ListAuditRecordsResponse;
import dev.tidewatch.control.v1.ProvenRecord;
import dev.tidewatch.control.v1.VerifyChainRequest;
import dev.tidewatch.control.v1.VerifyChainResponse;
import io.grpc.stub.StreamObserver;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;

/** {@code AuditService}. Methods run on blocking threads. */
public final class AuditEndpoint extends AuditServiceGrpc.AuditServiceImplBase {
  private static final int LARGEST_PAGE = 1_000;
  private static final int DEFAULT_PAGE = 200;

  private final ControlDatabase database;
  private final SigningKey key;

  public AuditEndpoint(ControlDatabase database, SigningKey key) {
    this.database = database;
    this.key = key;
  }

  @Override
  public void listAuditRecords(
      ListAuditRecordsRequest request, StreamObserver<ListAuditRecordsResponse> observer) {
    Answer.with(observer, () -> list(request));
  }

  private ListAuditRecordsResponse list(ListAuditRecordsRequest request) {
    new FieldChecks()
        .tenant(request.getTenantId())
        .count("page_size", request.getPageSize(), LARGEST_PAGE)
        .name("actor", request.getActor())
        .name("method", request.getMethod())
        .timeRange("", request.getFromMs(), request.getToMs())
        .require(
            Set.of("", "changed", "refused").contains(request.getOutcome()),
            "outcome",
            "must be changed, refused or empty")
        .done();
    int size = size(request.getPageSize());
    long before = PageKey.number(request.getPageToken(), Long.MAX_VALUE);
    List<AuditRecord> records =
        database.inTenant(request.getTenantId(), tx -> page(tx, request, before, size + 1));
    ListAuditRecordsResponse.Builder answer = ListAuditRecordsResponse.newBuilder();
    answer.addAllRecords(records.subList(0, Math.min(size, records.size())));
    if (records.size() > size) {
      answer.setNextPageToken(PageKey.of(records.get(size - 1).getSequence()));
    }
    return answer.build();
  }

  private static List<AuditRecord> page(
      TenantTransaction transaction, ListAuditRecordsRequest request, long before, int limit) {
    return transaction
        .query(
            """
            SELECT %s FROM audit_log
            WHERE tenant_id = :tenant AND sequence < :before
              AND (:actor = '' OR actor = :actor) AND (:outcome = '' OR outcome = :outcome)
              AND (:method = '' OR right(method, length(:method)) = :method)
              AND (:from = 0 OR at_micros >= :from * 1000) AND (:to = 0 OR at_micros < :to * 1000)
            ORDER BY sequence DESC LIMIT :limit
            """
                .formatted(AuditRows.COLUMNS))
        .bind("before", before)
        .bind("actor", request.getActor())
        .bind("outcome", request.getOutcome())
        .bind("method", request.getMethod())
        .bind("from", request.getFromMs())
        .bind("to", request.getToMs())
        .bind("limit", limit)
        .map((row, context) -> AuditRows.record(row))
        .list();
  }

  @Override
  public void verifyChain(
      VerifyChainRequest request, StreamObserver<VerifyChainResponse> observer) {
    Answer.with(
        observer,
        () -> {
          new FieldChecks().tenant(request.getTenantId()).done();
          return database.inTenant(
              request.getTenantId(), transaction -> ChainVerifier.verify(transaction, key));
        });
  }

  @Override
  public void exportAuditDay(
      ExportAuditDayRequest request, StreamObserver<ExportAuditDayResponse> observer) {
    Answer.with(observer, () -> export(request));
  }

  private ExportAuditDayResponse export(ExportAuditDayRequest request) {
    LocalDate day = day(request.getDay());
    new FieldChecks()
        .tenant(request.getTenantId())
        .count("page_size", request.getPageSize(), LARGEST_PAGE)
        .require(!day.equals(LocalDate.MIN), "day", "must be a day, as 2026-11-21")
        .done();
    long from = PageKey.number(request.getPageToken(), 0);
    return database.inTenant(
        request.getTenantId(), tx -> export(tx, day, from, size(request.getPageSize())));
  }

  private static LocalDate day(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException notADay) {
      return LocalDate.MIN;
    }
  }

  private ExportAuditDayResponse export(
      TenantTransaction transaction, LocalDate day, long from, int size) {
    DaySeal seal =
        AuditSeals.of(transaction, day)
            .orElseThrow(
                () ->
                    Failures.notFound(
                        "no signed day " + day + "; days are signed when they are over"));
    List<AuditRecord> records = records(transaction, seal);
    List<byte[]> hashes = records.stream().map(record -> record.getHash().toByteArray()).toList();
    ExportAuditDayResponse.Builder answer =
        ExportAuditDayResponse.newBuilder().setRoot(root(transaction.tenant(), seal));
    int end = (int) Math.min(records.size(), from + size);
    for (int leaf = (int) Math.min(from, end); leaf < end; leaf++) {
      ProvenRecord.Builder proven =
          answer.addRecordsBuilder().setRecord(records.get(leaf)).setLeafIndex(leaf);
      MerkleTree.path(leaf, hashes).forEach(node -> proven.addPath(ByteString.copyFrom(node)));
    }
    return end < records.size() ? answer.setNextPageToken(PageKey.of(end)).build() : answer.build();
  }

  private static List<AuditRecord> records(TenantTransaction transaction, DaySeal seal) {
    return transaction
        .query(
            """
            SELECT %s FROM audit_log
            WHERE tenant_id = :tenant AND sequence BETWEEN :first AND :last ORDER BY sequence
            """
                .formatted(AuditRows.COLUMNS))
        .bind("first", seal.first())
        .bind("last", seal.last())
        .map((row, context) -> AuditRows.record(row))
        .list();
  }

  private DayRoot root(String tenant, DaySeal seal) {
    return DayRoot.newBuilder()
        .setTenantId(tenant)
        .setDay(seal.day().toString())
        .setFirstSequence(seal.first())
        .setLastSequence(seal.last())
        .setRoot(ByteString.copyFrom(seal.root()))
        .setSignature(ByteString.copyFrom(seal.signature()))
        .setPublicKey(ByteString.copyFrom(key.publicKey()))
        .setSignedMs(seal.signedAt().toEpochMilli())
        .build();
  }

  private static int size(int asked) {
    return asked == 0 ? DEFAULT_PAGE : asked;
  }
}
