package dev.tidewatch.control.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.tidewatch.control.v1.AuditRecord;
import dev.tidewatch.control.v1.DayRoot;
import dev.tidewatch.control.v1.ExportAuditDayResponse;
import dev.tidewatch.control.v1.ProvenRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * One sealed day as a file, which the console's own check of proofs is tested with: what one of the
 * two hashes or signs otherwise breaks a build. Written anew with {@code
 * -Dtidewatch.docs.write=true}.
 */
class SealedDayTest {
  private static final String TENANT = "acme";
  private static final LocalDate DAY = LocalDate.of(2026, 11, 20);
  private static final long FIRST = 12;

  @Test
  void theFileHoldsByThisServersRules() throws Exception {
    if (Boolean.getBoolean("tidewatch.docs.write")) {
      Files.writeString(file(), JsonFormat.printer().print(sealed()) + "\n");
    }
    ExportAuditDayResponse day = read();
    List<byte[]> hashes = new ArrayList<>();
    for (ProvenRecord proven : day.getRecordsList()) {
      byte[] hash = RecordHash.of(TENANT, proven.getRecord());
      assertThat(proven.getRecord().getHash().toByteArray()).isEqualTo(hash);
      hashes.add(hash);
    }
    byte[] root = MerkleTree.root(hashes);
    assertThat(day.getRoot().getRoot().toByteArray()).isEqualTo(root);
    for (ProvenRecord proven : day.getRecordsList()) {
      int leaf = (int) proven.getLeafIndex();
      assertThat(proven.getPathList().stream().map(ByteString::toByteArray))
          .containsExactlyElementsOf(MerkleTree.path(leaf, hashes));
    }
    byte[] signed = DaySeal.signed(TENANT, DAY, FIRST, FIRST + hashes.size() - 1, root);
    assertThat(verifies(day.getRoot(), signed)).isTrue();
  }

  private static boolean verifies(DayRoot root, byte[] signed) throws GeneralSecurityException {
    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(
        KeyFactory.getInstance("Ed25519")
            .generatePublic(new X509EncodedKeySpec(root.getPublicKey().toByteArray())));
    verifier.update(signed);
    return verifier.verify(root.getSignature().toByteArray());
  }

  private static ExportAuditDayResponse sealed() {
    SigningKey key = SigningKey.generate();
    List<AuditRecord> records = records();
    List<byte[]> hashes = records.stream().map(each -> each.getHash().toByteArray()).toList();
    byte[] root = MerkleTree.root(hashes);
    long last = FIRST + records.size() - 1;
    ExportAuditDayResponse.Builder day = ExportAuditDayResponse.newBuilder();
    day.getRootBuilder()
        .setTenantId(TENANT)
        .setDay(DAY.toString())
        .setFirstSequence(FIRST)
        .setLastSequence(last)
        .setRoot(ByteString.copyFrom(root))
        .setSignature(ByteString.copyFrom(key.sign(DaySeal.signed(TENANT, DAY, FIRST, last, root))))
        .setPublicKey(ByteString.copyFrom(key.publicKey()))
        .setSignedMs(1_795_219_500_000L);
    for (int leaf = 0; leaf < records.size(); leaf++) {
      ProvenRecord.Builder proven =
          day.addRecordsBuilder().setRecord(records.get(leaf)).setLeafIndex(leaf);
      MerkleTree.path(leaf, hashes).forEach(node -> proven.addPath(ByteString.copyFrom(node)));
    }
    return day.build();
  }

  /** Seven, so that the tree is not whole; with letters of several lengths in UTF-8. */
  private static List<AuditRecord> records() {
    List<AuditRecord> records = new ArrayList<>();
    byte[] previous = RecordHash.NONE;
    for (int i = 0; i < 7; i++) {
      AuditRecord.Builder record =
          AuditRecord.newBuilder()
              .setSequence(FIRST + i)
              .setTimeUs(1_795_132_800_000_000L + i * 61_000_003L)
              .setActor("user:ada@acme")
              .setMethod("tidewatch.control.v1.AccessService/CreateUser")
              .setResource("user zoë " + "\uD83D\uDD11".repeat(i))
              .setOutcome(i % 3 == 0 ? "refused" : "changed")
              .setDetail("{\"roles\":\"analyst\",\"n\":" + i + "}")
              .setRequestId("r" + i)
              .setRemoteAddress("192.0.2.7")
              .setPreviousHash(ByteString.copyFrom(previous));
      previous = RecordHash.of(TENANT, record.build());
      records.add(record.setHash(ByteString.copyFrom(previous)).build());
    }
    return records;
  }

  private static ExportAuditDayResponse read() throws IOException {
    ExportAuditDayResponse.Builder day = ExportAuditDayResponse.newBuilder();
    try {
      JsonFormat.parser().merge(Files.readString(file()), day);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("write it with -Dtidewatch.docs.write=true", e);
    }
    return day.build();
  }

  private static Path file() {
    Path module = Path.of("").toAbsolutePath();
    Path root = Files.isDirectory(module.resolve("console")) ? module : module.getParent();
    return root.resolve("console/src/audit/sealedDay.json");
  }
}
