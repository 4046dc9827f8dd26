package dev.tidewatch.match.decode;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.RecognitionTables;
import dev.tidewatch.events.RecognitionTables.LayoutRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what kind of event was read, by remembering what the reference said of events that were
 * alike: first those alike in what decides the shape, then those of the shape alike in its key, id
 * and constant fields, then those alike in what rows of the log source table look at besides.
 */
final class Recognizer<T> {
  private static final int KEPT = 8_192;

  private final FieldCatalog catalog;
  private final PayloadDecoder decoder;
  private final Routes<T> routes;
  private final long seed;
  private final LongTable<Family<T>> families = new LongTable<>(KEPT);
  private final Map<String, Family<T>> familyByShape = new HashMap<>();
  private final Map<Map<String, String>, Map<String, Layout>> layouts = new HashMap<>();

  /** Where an event's fields are, and where it goes. */
  record Found<T>(Layout layout, T route) {}

  /** Events of one shape. */
  private static final class Family<T> {
    final Fingerprint print;
    final LongTable<Branch<T>> branches = new LongTable<>(KEPT);

    Family(Fingerprint print) {
      this.print = print;
    }
  }

  /** Events of one key and id; {@code print} is null when nothing else counts. */
  private static final class Branch<T> {
    final @Nullable Fingerprint print;
    final LongTable<Found<T>> found = new LongTable<>(KEPT);
    @Nullable Found<T> only;

    Branch(@Nullable Fingerprint print) {
      this.print = print;
    }
  }

  Recognizer(FieldCatalog catalog, PayloadDecoder decoder, Routes<T> routes, long seed) {
    this.catalog = catalog;
    this.decoder = decoder;
    this.routes = routes;
    this.seed = seed;
  }

  /**
   * @param document the event as the reference reads it; asked for only when it is of a new kind
   */
  Found<T> find(Supplier<EventDocument> document) {
    long shape = decoder.shape;
    Family<T> family = families.get(shape);
    if (family == null) {
      family = familyByShape.computeIfAbsent(document.get().shape(), this::family);
      families.put(shape, family);
    }
    if ((decoder.unusualScopes & family.print.layout.scopes) != 0) {
      throw Unusual.LAYOUT;
    }
    long key = family.print.of(decoder, seed);
    Branch<T> branch = family.branches.get(key);
    if (branch == null) {
      branch = branch(document.get());
      family.branches.put(key, branch);
    }
    Found<T> only = branch.only;
    if (only != null) {
      return only;
    }
    return branch.print == null ? only(branch, document) : found(branch, branch.print, document);
  }

  private Found<T> only(Branch<T> branch, Supplier<EventDocument> document) {
    Found<T> found = found(document.get());
    branch.only = found;
    return found;
  }

  private Found<T> found(Branch<T> branch, Fingerprint print, Supplier<EventDocument> document) {
    long key = print.of(decoder, seed);
    Found<T> found = branch.found.get(key);
    if (found == null) {
      found = found(document.get());
      branch.found.put(key, found);
    }
    return found;
  }

  private Found<T> found(EventDocument event) {
    Map<String, String> aliases = RecognitionTables.aliasCells(event);
    Layout layout =
        layouts
            .computeIfAbsent(aliases, cells -> new HashMap<>())
            .computeIfAbsent(
                event.shape(), shape -> new Layout(catalog, decoder.tree, shape, aliases));
    return new Found<>(layout, routes.route(event));
  }

  private Family<T> family(String shape) {
    LayoutRow row = catalog.layout(shape);
    Set<String> names = new HashSet<>(withOperands(routes.constantFields()));
    names.addAll(row.key());
    names.addAll(row.id());
    return new Family<>(fingerprint(shape, names));
  }

  private Branch<T> branch(EventDocument event) {
    Set<String> fields = RecognitionTables.conditionFields(event);
    return new Branch<>(fields.isEmpty() ? null : fingerprint(event.shape(), withOperands(fields)));
  }

  private static Set<String> withOperands(Collection<String> fields) {
    Map<String, Set<String>> cells = RecognitionTables.aliasCells();
    Set<String> names = new HashSet<>(fields);
    for (String field : fields) {
      for (String cell : cells.getOrDefault(field, Set.of())) {
        names.addAll(AliasPlan.operands(cell));
      }
    }
    return names;
  }

  private Fingerprint fingerprint(String shape, Set<String> names) {
    List<Integer> fields = new ArrayList<>();
    names.stream().sorted().forEach(name -> fields.add(catalog.id(name)));
    Layout layout = new Layout(catalog, decoder.tree, shape, Map.of());
    return new Fingerprint(layout, fields.stream().mapToInt(i -> i).toArray());
  }

  /** A hash over everything that some fields' values can depend on. */
  private static final class Fingerprint {
    final Layout layout;
    private final int[] fields;
    private KeyNode[] nodes = {};
    private int known = -1;

    Fingerprint(Layout layout, int[] fields) {
      this.layout = layout;
      this.fields = fields;
    }

    long of(PayloadDecoder decoder, long seed) {
      int size = decoder.tree.wanted().size();
      if (known != size) {
        known = size;
        collect();
      }
      long hash = seed;
      for (KeyNode node : nodes) {
        if (node.event == decoder.event) {
          hash = add(decoder, node, hash);
        }
      }
      return hash;
    }

    private static long add(PayloadDecoder decoder, KeyNode node, long before) {
      Slots slots = decoder.slots;
      // Nodes and values must not be taken for one another: kinds are below 8.
      long hash = Words.mix(before, ((long) node.serial << 3) + 8);
      for (int slot = node.first; slot >= 0; slot = slots.next[slot]) {
        int kind = slots.flags[slot] & Slots.KIND;
        hash = Words.mix(hash, kind);
        if (kind <= Slots.BOOLEAN) {
          hash = Words.mix(hash, Words.hash(decoder.buffer, slots.at[slot], slots.length[slot]));
        }
      }
      return hash;
    }

    private void collect() {
      layout.refresh();
      Set<KeyNode> all = new java.util.LinkedHashSet<>();
      for (int field : fields) {
        all.addAll(List.of(layout.exact(field)));
        all.addAll(List.of(layout.doubtful(field)));
      }
      nodes = all.toArray(KeyNode[]::new);
    }
  }
}
