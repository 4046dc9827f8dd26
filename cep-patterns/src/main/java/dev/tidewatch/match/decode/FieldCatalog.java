package dev.tidewatch.match.decode;

import dev.tidewatch.events.RecognitionTables;
import dev.tidewatch.events.RecognitionTables.LayoutRow;
import dev.tidewatch.events.RecognitionTables.When;
import dev.tidewatch.match.CaseFolding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Every field name that matching a rule set can ask for, numbered: the rules' own first, then those
 * that aliases and the recognition of log sources read. Immutable.
 */
public final class FieldCatalog {
  /** Longer names are keys as a whole, as in the reference. */
  private static final int MAX_SEGMENTS = 12;

  private final Map<String, Integer> ids = new LinkedHashMap<>();
  private final int ruleFields;
  private final Map<String, List<Integer>> bySqueezed = new HashMap<>();
  private final Set<String> squeezedHeads = new HashSet<>();
  private final Set<String> attributeElements = new HashSet<>();
  private final List<String> names;
  private final List<String> keywords;
  private final List<Scope> scopes = new ArrayList<>();
  private final Map<String, Scope> scopeByText = new HashMap<>();
  private final Map<String, Boolean> shapeFields = new HashMap<>();
  private final Map<String, LayoutRow> layouts = new HashMap<>();

  /** A catalog for rules that read {@code fields}. */
  public FieldCatalog(Collection<String> fields) {
    this(fields, List.of());
  }

  /**
   * @param keywords folded text that is looked for in the whole event, keys included
   */
  public FieldCatalog(Collection<String> fields, Collection<String> keywords) {
    this.keywords = List.copyOf(keywords);
    new LinkedHashSet<>(fields).forEach(this::add);
    ruleFields = ids.size();
    addScope("");
    for (LayoutRow layout : RecognitionTables.layouts()) {
      layouts.put(layout.name(), layout);
      layout.key().forEach(this::add);
      layout.id().forEach(this::add);
      layout.scopes().forEach(this::addScope);
      for (When when : layout.when()) {
        add(when.field());
        shapeFields.merge(when.field(), when.comparesValue(), Boolean::logicalOr);
      }
    }
    RecognitionTables.rowFields().forEach(this::add);
    RecognitionTables.aliasCells()
        .forEach(
            (field, cells) -> {
              for (String cell : cells) {
                AliasPlan.operands(cell).forEach(this::add);
              }
            });
    names = List.copyOf(ids.keySet());
    names.forEach(this::index);
  }

  private void add(String name) {
    ids.putIfAbsent(name, ids.size());
  }

  private void addScope(String text) {
    scopeByText.computeIfAbsent(
        text,
        t -> {
          Scope scope = Scope.of(scopes.size(), t);
          scopes.add(scope);
          return scope;
        });
  }

  private void index(String name) {
    String squeezed = squeezed(name);
    bySqueezed.computeIfAbsent(squeezed, s -> new ArrayList<>()).add(id(name));
    for (int dot = squeezed.indexOf('.'); dot >= 0; dot = squeezed.indexOf('.', dot + 1)) {
      squeezedHeads.add(squeezed.substring(0, dot));
    }
    int underscore = name.indexOf('_');
    if (underscore > 0) {
      attributeElements.add(name.substring(0, underscore));
    }
  }

  /** Fields that rules read; their ids are the first. */
  public int ruleFields() {
    return ruleFields;
  }

  int size() {
    return names.size();
  }

  public String name(int id) {
    return names.get(id);
  }

  /** Whether a key has one of the keywords in it. */
  boolean isSuspicious(String key) {
    String folded = CaseFolding.fold(key);
    return keywords.stream().anyMatch(folded::contains);
  }

  /** The id of a name of this catalog. */
  public int id(String name) {
    Integer id = ids.get(name);
    if (id == null) {
      throw new IllegalArgumentException("not in the catalog: " + name);
    }
    return id;
  }

  List<Scope> scopes() {
    return scopes;
  }

  Scope scope(String text) {
    Scope scope = scopeByText.get(text);
    if (scope == null) {
      throw new IllegalArgumentException("no such scope: " + text);
    }
    return scope;
  }

  LayoutRow layout(String name) {
    LayoutRow layout = layouts.get(name);
    if (layout == null) {
      throw new IllegalArgumentException("no such shape: " + name);
    }
    return layout;
  }

  /** 0: says nothing about an event's shape; 1: by being there; 2: by its value. */
  byte shapeRole(String name) {
    Boolean compares = shapeFields.get(name);
    return (byte) (compares == null ? 0 : compares ? 2 : 1);
  }

  /** The field whose name is {@code keys} joined by dots, or -1. */
  int exact(List<String> keys) {
    Integer id = ids.get(String.join(".", keys));
    return id == null || !isReachable(names.get(id), keys) ? -1 : id;
  }

  /** Fields that are this name once spaces are removed on both sides. */
  List<Integer> squeezed(List<String> keys) {
    return bySqueezed.getOrDefault(squeezed(String.join(".", keys)), List.of());
  }

  private static boolean isReachable(String name, List<String> keys) {
    return keys.size() == 1 || name.chars().filter(c -> c == '.').count() < MAX_SEGMENTS;
  }

  /** Whether a field can be below {@code keys}. */
  boolean isHead(List<String> keys) {
    return squeezedHeads.contains(squeezed(String.join(".", keys)));
  }

  /** Whether a name starts with {@code element} and an underscore. */
  boolean hasAttributesOf(String element) {
    return attributeElements.contains(element);
  }

  int attribute(String element, String attribute) {
    Integer id = element.indexOf('_') >= 0 ? null : ids.get(element + "_" + attribute);
    return id == null ? -1 : id;
  }

  private static String squeezed(String name) {
    return name.indexOf(' ') < 0 ? name : name.replace(" ", "");
  }
}
