package dev.tidewatch.control.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.control.audit.AuditEntry.Outcome;
import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.database.LocalDatabases;
import dev.tidewatch.control.v1.AuditRecord;
import dev.tidewatch.control.v1.ExportAuditDayRequest;
import dev.tidewatch.control.v1.ExportAuditDayResponse;
import dev.tidewatch.control.v1.ProvenRecord;
import dev.tidewatch.control.v1.VerifyChainResponse;
import dev.tidewatch.embedded.junit.PostgresExtension;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Days that are over are signed, and what was signed can be proven record by record. */
class AuditSealsIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();

  private static final SigningKey KEY = SigningKey.generate();
  private static ControlDatabase database;

  @BeforeAll
  static void open() {
    database = LocalDatabases.open(POSTGRES.postgres());
  }

  @AfterAll
  static void close() {
    database.close();
  }

  private static void tenant(String tenant) {
    database.inTenant(
        tenant,
        tx ->
            tx.update(
                    "INSERT INTO tenants (tenant_id, display_name, created_at) VALUES (:tenant, 'x', now())")
                .execute());
  }

  private static AuditRecord append(String tenant, String time, String resource) {
    AuditEntry entry = new AuditEntry("a", "m", resource, Outcome.CHANGED, "{}", "r", "-");
    return database.inTenant(tenant, tx -> new AuditLog(at(time)).append(tx, entry));
  }

  private static Clock at(String time) {
    return Clock.fixed(Instant.parse(time), ZoneOffset.UTC);
  }

  private static int seal(String time) {
    try (AuditSeals seals = new AuditSeals(database, KEY, at(time))) {
      return seals.seal();
    }
  }

  @Test
  void aDayIsSignedWhenItIsOverAndEachOfItsRecordsIsProven() {
    tenant("acme");
    for (int i = 0; i < 11; i++) {
      append("acme", "2026-11-01T10:00:00Z", "first " + i);
    }
    append("acme", "2026-11-03T10:00:00Z", "third");
    seal("2026-11-02T00:04:00Z");
    assertThat(verify("acme").getSignedDays()).as("not over for every clock").isZero();
    seal("2026-11-02T00:06:00Z");
    assertThat(verify("acme").getSignedDays()).isEqualTo(1);
    assertThat(seal("2026-11-02T00:06:00Z")).isZero();
    seal("2026-11-04T01:00:00Z");

    List<ProvenRecord> proven = new ArrayList<>();
    String token = "";
    ExportAuditDayResponse page;
    do {
      page = export("acme", "2026-11-01", 4, token);
      proven.addAll(page.getRecordsList());
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    assertThat(proven).hasSize(11);
    byte[] root = page.getRoot().getRoot().toByteArray();
    for (ProvenRecord each : proven) {
      List<byte[]> path = each.getPathList().stream().map(node -> node.toByteArray()).toList();
      byte[] hash = RecordHash.of("acme", each.getRecord());
      assertThat(MerkleTree.rootOf(hash, each.getLeafIndex(), 11, path)).isEqualTo(root);
    }
    byte[] signed = DaySeal.signed("acme", java.time.LocalDate.parse("2026-11-01"), 1, 11, root);
    assertThat(KEY.verifies(signed, page.getRoot().getSignature().toByteArray())).isTrue();
    assertThat(verify("acme").getSignedDays()).isEqualTo(2);
    assertThat(verify("acme").getIntact()).isTrue();
  }

  @Test
  void aServerWhoseClockIsBehindAddsNothingToASignedDay() {
    tenant("late");
    append("late", "2026-11-01T10:00:00Z", "one");
    seal("2026-11-02T01:00:00Z");
    AuditRecord late = append("late", "2026-11-01T23:59:00Z", "two");
    assertThat(AuditSeals.dayOf(late.getTimeUs())).isEqualTo("2026-11-02");
    assertThat(verify("late").getIntact()).isTrue();
  }

  @Test
  void aChainThatWasMadeAnewIsFoundByWhatWasSigned() {
    tenant("forged");
    append("forged", "2026-11-01T10:00:00Z", "one");
    append("forged", "2026-11-01T11:00:00Z", "two");
    seal("2026-11-02T01:00:00Z");
    try (Handle superuser = Jdbi.create(LocalDatabases.superuserUrl(POSTGRES.postgres())).open()) {
      superuser.execute("ALTER TABLE audit_log DISABLE TRIGGER append_only");
      superuser.execute("DELETE FROM audit_log WHERE tenant_id = 'forged'");
      assertThat(verify("forged").getReason()).contains("ends before record 2");
      append("forged", "2026-11-01T10:00:00Z", "one");
      append("forged", "2026-11-01T11:00:00Z", "nothing");
      superuser.execute("ALTER TABLE audit_log ENABLE TRIGGER append_only");
    }
    VerifyChainResponse verified = verify("forged");
    assertThat(verified.getIntact()).isFalse();
    assertThat(verified.getBrokenDay()).isEqualTo("2026-11-01");
  }

  private static VerifyChainResponse verify(String tenant) {
    return database.inTenant(tenant, tx -> ChainVerifier.verify(tx, KEY));
  }

  private static ExportAuditDayResponse export(String tenant, String day, int size, String token) {
    CompletableFuture<ExportAuditDayResponse> answer = new CompletableFuture<>();
    new AuditEndpoint(database, KEY)
        .exportAuditDay(
            ExportAuditDayRequest.newBuilder()
                .setTenantId(tenant)
                .setDay(day)
                .setPageSize(size)
                .setPageToken(token)
                .build(),
            new StreamObserver<>() {
              @Override
              public void onNext(ExportAuditDayResponse response) {
                answer.complete(response);
              }

              @Override
              public void onError(Throwable failure) {
                answer.completeExceptionally(failure);
              }

              @Override
              public void onCompleted() {}
            });
    return answer.join();
  }
}
