package dev.tidewatch.control.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tidewatch.control.v1.AuditRecord;
import dev.tidewatch.control.v1.VerifyChainResponse;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Whatever is done to one record of a chain, the verifier names that place. */
class ChainVerifierPropertyTest {
  private static final SigningKey KEY = SigningKey.generate();
  private static final String TENANT = "acme";

  @Property(tries = 100)
  void anIntactChainIsIntact(
      @ForAll @IntRange(min = 0, max = 40) int size, @ForAll @LongRange(min = 0) long seed) {
    List<AuditRecord> chain = chain(size, seed);
    VerifyChainResponse verified = verify(chain, seals(chain));
    assertThat(verified.getIntact()).as(verified.getReason()).isTrue();
    assertThat(verified.getRecords()).isEqualTo(size);
  }

  @Property(tries = 200)
  void aChangedRecordIsNamed(
      @ForAll @IntRange(min = 1, max = 40) int size, @ForAll @LongRange(min = 0) long seed) {
    List<AuditRecord> chain = chain(size, seed);
    List<DaySeal> seals = seals(chain);
    Random random = new Random(seed);
    int at = random.nextInt(size);
    AuditRecord.Builder forged = chain.get(at).toBuilder();
    switch (random.nextInt(7)) {
      case 0 -> forged.setActor(forged.getActor() + "x");
      case 1 -> forged.setDetail("{\"forged\":1}");
      case 2 -> forged.setTimeUs(forged.getTimeUs() + 1);
      case 3 -> forged.setResource(forged.getMethod()).setMethod(forged.getResource());
      case 4 -> forged.setOutcome("refused");
      // Text moved from one field to the next must not give the same bytes.
      case 5 -> forged.setActor("").setMethod(forged.getActor() + forged.getMethod());
      default -> forged.setRemoteAddress("10.0.0.1");
    }
    chain.set(at, forged.build());
    VerifyChainResponse verified = verify(chain, seals);
    assertThat(verified.getIntact()).isFalse();
    assertThat(verified.getBrokenSequence()).isEqualTo(at + 1);
  }

  @Property(tries = 100)
  void aForgerWhoHashesTheRestAgainIsFoundByTheSignedDay(
      @ForAll @IntRange(min = 2, max = 40) int size, @ForAll @LongRange(min = 0) long seed) {
    List<AuditRecord> chain = chain(size, seed);
    List<DaySeal> seals = seals(chain);
    int at = new Random(seed).nextInt(size);
    List<AuditRecord> forged = new ArrayList<>(chain.subList(0, at));
    ByteString previous = chain.get(at).getPreviousHash();
    for (AuditRecord record : chain.subList(at, size)) {
      AuditRecord.Builder next = record.toBuilder().setPreviousHash(previous);
      if (forged.size() == at) {
        next.setActor("nobody");
      }
      previous = ByteString.copyFrom(RecordHash.of(TENANT, next.build()));
      forged.add(next.setHash(previous).build());
    }
    VerifyChainResponse verified = verify(forged, seals);
    assertThat(verified.getIntact()).isFalse();
    assertThat(verified.getBrokenDay())
        .isEqualTo(AuditSeals.dayOf(chain.get(at).getTimeUs()).toString());
  }

  @Property(tries = 100)
  void aRemovedOrMovedRecordIsNamed(
      @ForAll @IntRange(min = 2, max = 40) int size, @ForAll @LongRange(min = 0) long seed) {
    List<AuditRecord> chain = chain(size, seed);
    List<DaySeal> seals = seals(chain);
    int at = new Random(seed).nextInt(size - 1);
    List<AuditRecord> without = new ArrayList<>(chain);
    without.remove(at);
    assertThat(verify(without, seals).getIntact()).isFalse();
    List<AuditRecord> swapped = new ArrayList<>(chain);
    Collections.swap(swapped, at, at + 1);
    assertThat(verify(swapped, seals).getBrokenSequence()).isEqualTo(at + 2);
    List<AuditRecord> cut = chain.subList(0, size - 1);
    assertThat(verify(cut, seals).getIntact()).isFalse();
  }

  @Property(tries = 20)
  void aDayOfAnotherKeyOrTenantIsNotTaken(@ForAll @IntRange(min = 1, max = 20) int size) {
    List<AuditRecord> chain = chain(size, size);
    List<DaySeal> seals = seals(chain);
    assertThat(
            ChainVerifier.verify(TENANT, SigningKey.generate(), seals, chain.iterator())
                .getReason())
        .contains("signature");
    assertThat(ChainVerifier.verify("globex", KEY, seals, chain.iterator()).getIntact()).isFalse();
  }

  private static VerifyChainResponse verify(List<AuditRecord> chain, List<DaySeal> seals) {
    return ChainVerifier.verify(TENANT, KEY, seals, chain.iterator());
  }

  /** Records over a few days. */
  private static List<AuditRecord> chain(int size, long seed) {
    Random random = new Random(seed);
    List<AuditRecord> chain = new ArrayList<>();
    ByteString previous = ByteString.copyFrom(RecordHash.NONE);
    long micros = AuditLog.micros(Instant.parse("2026-11-01T00:00:00Z"));
    for (int i = 1; i <= size; i++) {
      micros += random.nextLong(12 * 3_600_000_000L) + 1;
      AuditRecord.Builder record =
          AuditRecord.newBuilder()
              .setSequence(i)
              .setTimeUs(micros)
              .setActor("user:a" + random.nextInt(5) + "@acme")
              .setMethod("tidewatch.control.v1.AccessService/CreateUser")
              .setResource("user " + i)
              .setOutcome("changed")
              .setDetail("{}")
              .setRequestId("r" + i)
              .setRemoteAddress("127.0.0.1")
              .setPreviousHash(previous);
      previous = ByteString.copyFrom(RecordHash.of(TENANT, record.build()));
      chain.add(record.setHash(previous).build());
    }
    return chain;
  }

  /** Every day of the chain, signed. */
  private static List<DaySeal> seals(List<AuditRecord> chain) {
    List<DaySeal> seals = new ArrayList<>();
    int first = 0;
    for (int i = 0; i < chain.size(); i++) {
      LocalDate day = AuditSeals.dayOf(chain.get(i).getTimeUs());
      if (i + 1 == chain.size() || !AuditSeals.dayOf(chain.get(i + 1).getTimeUs()).equals(day)) {
        List<byte[]> hashes =
            chain.subList(first, i + 1).stream()
                .map(record -> record.getHash().toByteArray())
                .toList();
        byte[] root = MerkleTree.root(hashes);
        byte[] signature = KEY.sign(DaySeal.signed(TENANT, day, first + 1, i + 1, root));
        seals.add(new DaySeal(day, first + 1, i + 1, root, KEY.id(), signature, Instant.EPOCH));
        first = i + 1;
      }
    }
    return seals;
  }
}
