package dev.tidewatch.control.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class MerkleTreePropertyTest {
  @Property(tries = 150)
  void everyLeafsPathLeadsToTheRoot(
      @ForAll @IntRange(min = 1, max = 70) int leaves, @ForAll @LongRange(min = 0) long seed) {
    List<byte[]> hashes = hashes(leaves, seed);
    byte[] root = MerkleTree.root(hashes);
    for (int leaf = 0; leaf < leaves; leaf++) {
      List<byte[]> path = MerkleTree.path(leaf, hashes);
      assertThat(MerkleTree.rootOf(hashes.get(leaf), leaf, leaves, path)).isEqualTo(root);
    }
  }

  @Property(tries = 150)
  void noOtherLeafOrPlaceLeadsThere(
      @ForAll @IntRange(min = 2, max = 40) int leaves, @ForAll @LongRange(min = 0) long seed) {
    List<byte[]> hashes = hashes(leaves, seed);
    byte[] root = MerkleTree.root(hashes);
    int leaf = new Random(seed).nextInt(leaves);
    List<byte[]> path = MerkleTree.path(leaf, hashes);
    byte[] forged = hashes.get(leaf).clone();
    forged[5] ^= 1;
    assertThat(MerkleTree.rootOf(forged, leaf, leaves, path)).isNotEqualTo(root);
    List<byte[]> swapped = new ArrayList<>(hashes);
    swapped.set(leaf, forged);
    assertThat(MerkleTree.root(swapped)).isNotEqualTo(root);
    assertThat(MerkleTree.root(hashes.subList(0, leaves - 1))).isNotEqualTo(root);
  }

  private static List<byte[]> hashes(int count, long seed) {
    Random random = new Random(seed);
    List<byte[]> hashes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] hash = new byte[32];
      random.nextBytes(hash);
      hashes.add(hash);
    }
    return hashes;
  }
}
