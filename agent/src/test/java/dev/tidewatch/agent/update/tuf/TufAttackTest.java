package dev.tidewatch.agent.update.tuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewatch.agent.release.RoleShare;
import dev.tidewatch.agent.release.TestPublisher;
import dev.tidewatch.agent.update.tuf.TufException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The attacks that the specification names (section 1.5.2), one by one. */
class TufAttackTest {
  private static final String JAR = "agent/1.0/tidewatch-agent.jar";

  @TempDir Path directory;
  private TestPublisher publisher;
  private Path trusted;

  @BeforeEach
  void publish() throws Exception {
    publisher = new TestPublisher(directory);
    publisher.release("1.0", 1);
    trusted = publisher.trustedIn(directory.resolve("agent"));
  }

  private TufClient client() {
    return client(publisher::open, Transfer.DEFAULT);
  }

  private TufClient client(Mirror mirror, Transfer transfer) {
    return new TufClient(
        mirror, new MetadataDirectory(trusted), TufLimits.DEFAULT, transfer, publisher.clock());
  }

  private static void assertRefused(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TufException.class, e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
  }

  private byte[] download(String path) throws IOException, TufException {
    TufClient client = client();
    TargetFile target = client.refresh().get(path);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    client.download(target, out);
    return out.toByteArray();
  }

  @Test
  void anHonestRepositoryIsBelieved() throws Exception {
    assertThat(download(JAR)).isEqualTo(Files.readAllBytes(directory.resolve("1.0.jar")));
    publisher.release("1.1", 2);
    assertThat(client().refresh()).containsKeys(JAR, "agent/1.1/tidewatch-agent.jar");
    assertThat(trusted.resolve("timestamp.json"))
        .hasSameBinaryContentAs(publisher.repository.resolve("timestamp.json"));
  }

  @Test
  void nothingIsFetchedTwiceThatIsTrustedAlready() throws Exception {
    client().refresh();
    publisher.asked.clear();
    client().refresh();
    assertThat(publisher.asked.keySet()).containsExactlyInAnyOrder("2.root.json", "timestamp.json");
  }

  @Test
  void arbitrarySoftwareOfTheMirrorIsRefused() throws Exception {
    TargetFile target = client().refresh().get(JAR);
    byte[] evil = new byte[(int) target.length()];
    publisher.replaced.put(target.location(true), evil);
    assertRefused(Reason.MISMATCH, () -> download(JAR));
    publisher.replaced.put(target.location(true), new byte[(int) target.length() - 1]);
    assertRefused(Reason.MISMATCH, () -> download(JAR));
  }

  @Test
  void metadataOfForeignKeysIsRefused() throws Exception {
    TestPublisher foreign = new TestPublisher(directory.resolve("foreign"));
    foreign.release("9.0", 3);
    for (String file : List.of("timestamp.json", "2.snapshot.json", "2.targets.json")) {
      publisher.replaced.clear();
      publisher.replaced.put(file, foreign.bytes(file));
      assertRefused(
          file.equals("timestamp.json") ? Reason.SIGNATURE : Reason.MISMATCH,
          () -> client().refresh());
    }
  }

  @Test
  void anOlderTimestampIsARollback() throws Exception {
    byte[] old = publisher.bytes("timestamp.json");
    publisher.release("1.1", 2);
    client().refresh();
    publisher.replaced.put("timestamp.json", old);
    assertRefused(Reason.ROLLBACK, () -> client().refresh());
  }

  @Test
  void anOlderSnapshotInANewTimestampIsARollback() throws Exception {
    byte[] old = publisher.bytes("2.snapshot.json");
    publisher.release("1.1", 2);
    client().refresh();
    // Who has the timestamp's key can say that; the snapshot's version gives it away.
    publisher.replaced.put("timestamp.json", timestamp(99, TestPublisher.describe(2, old)));
    assertRefused(Reason.ROLLBACK, () -> client().refresh());
  }

  @Test
  void olderTargetsInANewSnapshotAreARollback() throws Exception {
    byte[] old = publisher.bytes("2.targets.json");
    publisher.release("1.1", 2);
    client().refresh();
    replaceSnapshot(99, Map.of("targets.json", TestPublisher.describe(2, old)));
    assertRefused(Reason.ROLLBACK, () -> client().refresh());
    replaceSnapshot(100, Map.of("other.json", TestPublisher.describe(5, old)));
    assertRefused(Reason.ROLLBACK, () -> client().refresh());
  }

  private byte[] timestamp(long version, Map<String, Object> snapshot) throws Exception {
    Map<String, Object> signed = publisher.signed("timestamp.json");
    signed.put("version", version);
    signed.put("meta", Map.of("snapshot.json", snapshot));
    return publisher.sign("timestamp", signed);
  }

  private void replaceSnapshot(long version, Map<String, Object> meta) throws Exception {
    Map<String, Object> signed = publisher.signed("2.snapshot.json");
    signed.put("version", version);
    signed.put("meta", meta);
    byte[] snapshot = publisher.sign("snapshot", signed);
    publisher.replaced.put(version + ".snapshot.json", snapshot);
    publisher.replaced.put(
        "timestamp.json", timestamp(version, TestPublisher.describe(version, snapshot)));
  }

  @Test
  void newKeysMakeUpForAFastForward() throws Exception {
    Map<String, Object> targets = publisher.signed("2.targets.json");
    targets.put("version", 1_000_000L);
    byte[] signed = publisher.sign("targets", targets);
    publisher.replaced.put("1000000.targets.json", signed);
    replaceSnapshot(1_000_000, Map.of("targets.json", TestPublisher.describe(1_000_000, signed)));
    client().refresh();
    publisher.replaced.clear();
    publisher.release("1.1", 2);
    assertRefused(Reason.ROLLBACK, () -> client().refresh());

    publisher.open().rotate("timestamp", new RoleShare(1, 1));
    publisher.open().rotate("snapshot", new RoleShare(1, 1));
    assertThat(client().refresh()).containsKey("agent/1.1/tidewatch-agent.jar");
  }

  @Test
  void aMirrorThatStandsStillIsFoundOutByExpiry() throws Exception {
    client().refresh();
    publisher.passDays(8);
    assertRefused(Reason.EXPIRED, () -> client().refresh());
    var unused = publisher.open().refresh();
    client().refresh();
    // The next thirty days nobody signs the snapshot: what others sign does not help.
    publisher.passDays(31);
    publisher.replaced.put(
        "timestamp.json", timestampUntilLater(publisher.bytes("2.snapshot.json")));
    assertRefused(Reason.EXPIRED, () -> client().refresh());
  }

  private byte[] timestampUntilLater(byte[] snapshot) throws Exception {
    Map<String, Object> signed = publisher.signed("timestamp.json");
    signed.put("version", 500L);
    signed.put("expires", "2030-01-01T00:00:00Z");
    signed.put("meta", Map.of("snapshot.json", TestPublisher.describe(2, snapshot)));
    return publisher.sign("timestamp", signed);
  }

  @Test
  void anExpiredRootEndsEverything() {
    publisher.passDays(366);
    assertRefused(Reason.EXPIRED, () -> client().refresh());
  }

  @Test
  void endlessDataEndsAtTheLimit() throws Exception {
    String jar = client().refresh().get(JAR).location(true);
    List<String> files =
        List.of("2.root.json", "timestamp.json", "3.snapshot.json", "3.targets.json", jar);
    publisher.release("1.1", 2);
    for (String file : files) {
      AtomicLong read = new AtomicLong();
      Mirror endless =
          path -> path.equals(file) ? Optional.of(endless(read)) : publisher.open(path);
      TufClient client = client(endless, Transfer.DEFAULT);
      assertRefused(
          Reason.TOO_LARGE,
          () -> client.download(client.refresh().get(JAR), new ByteArrayOutputStream()));
      assertThat(read.get()).as(file).isLessThan(100 << 10);
      // So that the next file is asked for again.
      Files.deleteIfExists(trusted.resolve("snapshot.json"));
      Files.deleteIfExists(trusted.resolve("targets.json"));
    }
  }

  private static InputStream endless(AtomicLong read) {
    return new InputStream() {
      @Override
      public int read() {
        read.incrementAndGet();
        return ' ';
      }
    };
  }

  @Test
  void slowRetrievalIsGivenUp() throws Exception {
    AtomicLong nanos = new AtomicLong();
    Transfer transfer = new Transfer(() -> nanos.addAndGet(5_000_000_000L), 30, 4096);
    Mirror dripping =
        path ->
            publisher
                .open(path)
                .map(
                    in ->
                        new java.io.FilterInputStream(in) {
                          @Override
                          public int read(byte[] buffer, int offset, int length)
                              throws IOException {
                            return super.read(buffer, offset, 1);
                          }
                        });
    assertRefused(Reason.TOO_SLOW, () -> client(dripping, transfer).refresh());
  }

  @Test
  void filesThatDoNotBelongTogetherAreNotMixed() throws Exception {
    byte[] oldTargets = publisher.bytes("2.targets.json");
    byte[] oldSnapshot = publisher.bytes("2.snapshot.json");
    publisher.release("1.1", 2);
    publisher.replaced.put("3.targets.json", oldTargets);
    assertRefused(Reason.MISMATCH, () -> client().refresh());
    forget();
    publisher.replaced.put("3.snapshot.json", oldSnapshot);
    assertRefused(Reason.MISMATCH, () -> client().refresh());
    forget();
    // Without length and hash, which may be left out, the version still has to be the one.
    replaceSnapshot(99, Map.of("targets.json", Map.of("version", 3L)));
    publisher.replaced.put("3.targets.json", oldTargets);
    assertRefused(Reason.MISMATCH, () -> client().refresh());
  }

  /** All but the root. */
  private void forget() throws IOException {
    publisher.replaced.clear();
    for (String name : List.of("timestamp.json", "snapshot.json", "targets.json")) {
      Files.deleteIfExists(trusted.resolve(name));
    }
  }

  @Test
  void fewerSignaturesThanTheThresholdAreNotEnough() throws Exception {
    TestPublisher two =
        new TestPublisher(directory.resolve("two"), Map.of("targets", new RoleShare(2, 3)));
    two.release("1.0", 1);
    publisher = two;
    trusted = two.trustedIn(directory.resolve("agent-two"));
    byte[] whole = two.bytes("2.targets.json");
    client().refresh();

    Map<String, Object> signed = two.signed("2.targets.json");
    Map<String, Object> file = MetadataJson.parse(whole, "targets.json");
    List<?> signatures = (List<?>) file.get("signatures");
    replaceTargets(signed, List.of(signatures.get(0)));
    assertRefused(Reason.SIGNATURE, () -> client().refresh());
    replaceTargets(signed, List.of(signatures.get(0), signatures.get(0)));
    assertRefused(Reason.MALFORMED, () -> client().refresh());
    replaceTargets(signed, List.of(signatures.get(2), signatures.get(1)));
    assertThat(client().refresh()).containsKey(JAR);
  }

  /** The same content, other signatures; with its right hash, so that only they are wrong. */
  private void replaceTargets(Map<String, Object> signed, List<?> signatures) throws Exception {
    byte[] bytes = CanonicalJson.of(Map.of("signed", signed, "signatures", signatures));
    forget();
    publisher.replaced.put("2.targets.json", bytes);
    replaceSnapshot(99, Map.of("targets.json", TestPublisher.describe(2, bytes)));
  }

  @Test
  void aRevokedKeySignsNothingMore() throws Exception {
    Map<String, Object> rootBefore = publisher.signed("1.root.json");
    Map<String, Object> stolen = publisher.signed("timestamp.json");
    client().refresh();
    publisher.open().rotate("timestamp", new RoleShare(1, 1));
    stolen.put("version", 50L);
    publisher.replaced.put(
        "timestamp.json", publisher.sign("timestamp", stolen, List.of(rootBefore)));
    assertRefused(Reason.SIGNATURE, () -> client().refresh());
    assertThat(trusted.resolve("root.json"))
        .hasSameBinaryContentAs(publisher.repository.resolve("2.root.json"));
  }

  @Test
  void rootsAreFollowedOneByOne() throws Exception {
    for (int i = 0; i < 3; i++) {
      publisher.open().rotate("root", new RoleShare(2, 3));
    }
    assertThat(client().refresh()).containsKey(JAR);
    assertThat(trusted.resolve("root.json"))
        .hasSameBinaryContentAs(publisher.repository.resolve("4.root.json"));
  }

  @Test
  void aRootIsSignedByTheOneBeforeIt() throws Exception {
    TestPublisher foreign = new TestPublisher(directory.resolve("foreign"));
    foreign.open().rotate("root", new RoleShare(1, 1));
    publisher.replaced.put("2.root.json", foreign.bytes("2.root.json"));
    assertRefused(Reason.SIGNATURE, () -> client().refresh());

    publisher.replaced.put("2.root.json", publisher.bytes("1.root.json"));
    assertRefused(Reason.ROLLBACK, () -> client().refresh());
    publisher.open().rotate("root", new RoleShare(1, 1));
    publisher.open().rotate("root", new RoleShare(1, 1));
    publisher.replaced.put("2.root.json", publisher.bytes("3.root.json"));
    assertRefused(Reason.SIGNATURE, () -> client().refresh());
  }

  @Test
  void namesThatLeaveTheDirectoryAreRefused() throws Exception {
    List<String> names =
        List.of("../../etc/cron.d/x", "/etc/passwd", "a/../b", "a//b", "a\\b", ".hidden", "a\0b");
    for (String name : names) {
      forget();
      Map<String, Object> signed = publisher.signed("2.targets.json");
      Map<String, Object> targets = new HashMap<>();
      targets.put(name, Map.of("length", 1L, "hashes", Map.of("sha256", "0".repeat(64))));
      signed.put("targets", targets);
      byte[] bytes = publisher.sign("targets", signed);
      publisher.replaced.put("2.targets.json", bytes);
      replaceSnapshot(99, Map.of("targets.json", TestPublisher.describe(2, bytes)));
      assertRefused(Reason.MALFORMED, () -> client().refresh());
    }
  }

  @Test
  void metadataOfAnotherFormIsRefused() {
    List<String> broken =
        List.of(
            "",
            "[]",
            "{\"signed\":1,\"signatures\":[]}",
            "{\"signed\":{},\"signed\":{},\"signatures\":[]}",
            "{\"signed\":{\"version\":1.5},\"signatures\":[]}",
            "{\"signed\":{\"version\":null},\"signatures\":[]}",
            "{\"signed\":{\"version\":99999999999999999999},\"signatures\":[]}",
            "{\"signed\":" + "[".repeat(100) + "]".repeat(100) + ",\"signatures\":[]}",
            "<html>404</html>");
    for (String text : broken) {
      byte[] bytes = (text + " ").getBytes(StandardCharsets.UTF_8);
      publisher.replaced.put("timestamp.json", bytes);
      assertRefused(Reason.MALFORMED, () -> client().refresh());
    }
  }

  @Test
  void aKeyHasItsOwnId() throws Exception {
    Map<String, Object> root = publisher.signed("1.root.json");
    @SuppressWarnings("unchecked")
    Map<String, Object> keys = (Map<String, Object>) root.get("keys");
    String id = keys.keySet().iterator().next();
    keys.put("0".repeat(64), keys.get(id));
    Files.write(trusted.resolve("root.json"), publisher.sign("root", root));
    assertRefused(Reason.MALFORMED, () -> client().refresh());
  }

  @Test
  void whateverAMirrorDoesNothingWrongIsInstalled() throws Exception {
    byte[] right = Files.readAllBytes(directory.resolve("1.0.jar"));
    String location = client().refresh().get(JAR).location(true);
    List<String> files =
        new ArrayList<>(List.of("timestamp.json", "2.snapshot.json", "2.targets.json", location));
    int refused = 0;
    for (String file : files) {
      byte[] bytes = publisher.bytes(file);
      for (int i = 0; i < 40; i++) {
        byte[] changed = bytes.clone();
        changed[i * 997 % changed.length] ^= (byte) (1 << i % 8);
        forget();
        publisher.replaced.put(file, i == 0 ? new byte[0] : changed);
        try {
          assertThat(download(JAR)).as(file + " changed at " + i).isEqualTo(right);
        } catch (TufException e) {
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(130);
  }

  @Test
  void anInstallationWithoutRootSaysSo() throws Exception {
    Files.delete(trusted.resolve("root.json"));
    assertRefused(Reason.MISSING, () -> client().refresh());
  }
}
