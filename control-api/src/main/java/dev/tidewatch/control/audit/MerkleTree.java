package dev.tidewatch.control.audit;

import java.util.ArrayList;
import java.util.List;

/**
 * The tree of RFC 9162, section 2.1, over record hashes: a leaf is SHA-256(0x00 ‖ hash), a node
 * SHA-256(0x01 ‖ left ‖ right), and a tree of n leaves splits at the largest power of two below n.
 */
final class MerkleTree {
  private MerkleTree() {}

  /** Root over at least one hash. */
  static byte[] root(List<byte[]> hashes) {
    if (hashes.size() == 1) {
      return leaf(hashes.get(0));
    }
    int split = split(hashes.size());
    return node(root(hashes.subList(0, split)), root(hashes.subList(split, hashes.size())));
  }

  /** Siblings of a leaf, from the leaf upward. */
  static List<byte[]> path(int leaf, List<byte[]> hashes) {
    if (hashes.size() == 1) {
      return new ArrayList<>();
    }
    int split = split(hashes.size());
    List<byte[]> left = hashes.subList(0, split);
    List<byte[]> right = hashes.subList(split, hashes.size());
    List<byte[]> path = leaf < split ? path(leaf, left) : path(leaf - split, right);
    path.add(root(leaf < split ? right : left));
    return path;
  }

  /**
   * The root that a leaf and its path lead to: what who holds the root checks (RFC 9162, 2.1.3.2).
   */
  static byte[] rootOf(byte[] hash, long leaf, long leaves, List<byte[]> path) {
    long index = leaf;
    long last = leaves - 1;
    byte[] root = leaf(hash);
    for (byte[] sibling : path) {
      if (last == 0) {
        throw new IllegalArgumentException("the path is longer than the tree is high");
      }
      if ((index & 1) == 1 || index == last) {
        root = node(sibling, root);
        while ((index & 1) == 0 && index != 0) {
          index >>= 1;
          last >>= 1;
        }
      } else {
        root = node(root, sibling);
      }
      index >>= 1;
      last >>= 1;
    }
    return root;
  }

  private static int split(int size) {
    return Integer.highestOneBit(size - 1);
  }

  private static byte[] leaf(byte[] hash) {
    byte[] data = new byte[1 + hash.length];
    System.arraycopy(hash, 0, data, 1, hash.length);
    return CanonicalBytes.sha256(data);
  }

  private static byte[] node(byte[] left, byte[] right) {
    byte[] data = new byte[1 + left.length + right.length];
    data[0] = 1;
    System.arraycopy(left, 0, data, 1, left.length);
    System.arraycopy(right, 0, data, 1 + left.length, right.length);
    return CanonicalBytes.sha256(data);
  }
}
