package dev.tidewatch.match.decode;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where one kind of event has its fields: for each field the nodes it can be at, best first, and
 * what answers when it is at none. Follows the tree as that grows.
 */
final class Layout {
  private static final KeyNode[] NONE = {};

  private final KeyTree tree;
  private final int[] positions;
  private final KeyNode[][] exact;
  private final String[][] ranks;
  private final KeyNode[][] doubtful;
  private final @Nullable AliasPlan[] aliases;
  private int known;

  /** Scopes (by index) that this layout has. */
  final long scopes;

  Layout(FieldCatalog catalog, KeyTree tree, String shape, Map<String, String> aliasCells) {
    this.tree = tree;
    this.positions = new int[catalog.scopes().size()];
    Arrays.fill(positions, -1);
    positions[0] = 0;
    List<String> texts = catalog.layout(shape).scopes();
    long bits = 0;
    for (int i = 0; i < texts.size(); i++) {
      int index = catalog.scope(texts.get(i)).index();
      positions[index] = i + 1;
      bits |= 1L << index;
    }
    this.scopes = bits;
    this.exact = new KeyNode[catalog.size()][];
    this.ranks = new String[catalog.size()][];
    this.doubtful = new KeyNode[catalog.size()][];
    Arrays.fill(exact, NONE);
    Arrays.fill(ranks, new String[0]);
    Arrays.fill(doubtful, NONE);
    this.aliases = new AliasPlan[catalog.size()];
    for (int field = 0; field < aliases.length; field++) {
      String cell = aliasCells.get(catalog.name(field));
      aliases[field] = cell == null ? null : AliasPlan.of(cell, catalog);
    }
  }

  /** Takes in what the tree has learnt. */
  void refresh() {
    List<KeyNode> wanted = tree.wanted();
    for (; known < wanted.size(); known++) {
      KeyNode node = wanted.get(known);
      for (Role role : node.roles) {
        int position = positions[role.scope().index()];
        if (position >= 0) {
          add(node, role, position);
        }
      }
    }
  }

  private void add(KeyNode node, Role role, int position) {
    int field = role.field();
    if (role.kind() == Role.Kind.DOUBTFUL) {
      doubtful[field] = inserted(doubtful[field], doubtful[field].length, node);
      return;
    }
    // Attributes come behind every scope.
    int place = role.kind() == Role.Kind.ATTRIBUTE ? Character.MAX_VALUE : position;
    String rank = (char) place + role.order();
    int at = 0;
    while (at < ranks[field].length && ranks[field][at].compareTo(rank) <= 0) {
      at++;
    }
    exact[field] = inserted(exact[field], at, node);
    ranks[field] = inserted(ranks[field], at, rank);
  }

  private static <T> T[] inserted(T[] array, int at, T element) {
    T[] longer = Arrays.copyOf(array, array.length + 1);
    System.arraycopy(array, at, longer, at + 1, array.length - at);
    longer[at] = element;
    return longer;
  }

  KeyNode[] exact(int field) {
    return exact[field];
  }

  KeyNode[] doubtful(int field) {
    return doubtful[field];
  }

  @Nullable AliasPlan alias(int field) {
    return aliases[field];
  }
}
