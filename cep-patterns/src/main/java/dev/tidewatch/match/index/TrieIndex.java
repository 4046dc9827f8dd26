package dev.tidewatch.match.index;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds literals at the start of a text, or at its end (read backwards): a trie whose edges are in
 * one hash table, so that many literals cost what the text shares with them.
 */
final class TrieIndex {
  private static final int MULTIPLIER = 0x9E3779B1;

  private final int[] numbers;
  private final boolean backwards;

  /** Node and byte of an edge, plus 1; 0: free. */
  private int[] edges = new int[64];

  private int[] targets = new int[64];
  private int shift = 26;
  private int edgeCount;
  private int[][] found;

  TrieIndex(Literals literals, boolean backwards) {
    this.numbers = literals.numbers();
    this.backwards = backwards;
    List<List<Integer>> ends = new ArrayList<>();
    ends.add(new ArrayList<>());
    for (int i = 0; i < literals.size(); i++) {
      add(literals.texts()[i], i, ends);
    }
    found = new int[ends.size()][];
    for (int i = 0; i < found.length; i++) {
      found[i] = ends.get(i).stream().mapToInt(e -> e).toArray();
    }
  }

  private void add(byte[] text, int entry, List<List<Integer>> ends) {
    int node = 0;
    for (int i = 0; i < text.length; i++) {
      byte c = text[backwards ? text.length - 1 - i : i];
      int next = target(node, c);
      if (next < 0) {
        next = ends.size();
        ends.add(new ArrayList<>());
        link(node, c, next);
      }
      node = next;
    }
    ends.get(node).add(entry);
  }

  private void link(int node, byte c, int target) {
    if (2 * ++edgeCount > edges.length) {
      int[] oldEdges = edges;
      int[] oldTargets = targets;
      edges = new int[oldEdges.length * 2];
      targets = new int[edges.length];
      shift--;
      for (int i = 0; i < oldEdges.length; i++) {
        if (oldEdges[i] != 0) {
          insert(oldEdges[i], oldTargets[i]);
        }
      }
    }
    insert(edge(node, c), target);
  }

  private static int edge(int node, byte c) {
    return (node << 8 | c & 0xff) + 1;
  }

  private void insert(int edge, int target) {
    int i = edge * MULTIPLIER >>> shift;
    while (edges[i] != 0) {
      i = (i + 1) & (edges.length - 1);
    }
    edges[i] = edge;
    targets[i] = target;
  }

  private int target(int node, byte c) {
    int edge = edge(node, c);
    int i = edge * MULTIPLIER >>> shift;
    while (edges[i] != edge) {
      if (edges[i] == 0) {
        return -1;
      }
      i = (i + 1) & (edges.length - 1);
    }
    return targets[i];
  }

  void find(byte[] b, int at, int length, Hits hits) {
    int node = 0;
    int step = backwards ? -1 : 1;
    int p = backwards ? at + length - 1 : at;
    for (int i = 0; i < length; i++, p += step) {
      node = target(node, b[p]);
      if (node < 0) {
        return;
      }
      for (int entry : found[node]) {
        hits.add(numbers[entry]);
      }
    }
  }

  int memory() {
    return Arrays.stream(found).mapToInt(ends -> ends.length * 4 + 16).sum() + edges.length * 8;
  }
}
