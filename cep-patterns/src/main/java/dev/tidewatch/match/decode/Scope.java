package dev.tidewatch.match.decode;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An object whose members count as top-level fields, as {@code shapes.table} writes it: {@code a.b}
 * (the object there), {@code a.b.*} (each object in it), {@code a.b.} (members of the root whose
 * keys start so), {@code @a.b} (an object whose elements may carry XML attributes).
 *
 * @param path keys from the root to the object; a star ends in {@link #STAR}
 * @param prefix what keys of the root start with, or empty
 */
record Scope(int index, List<String> path, String prefix, boolean attributes) {
  /** Stands for any key; compared by identity, so that no payload can spell it. */
  @SuppressWarnings("StringOperationCanBeSimplified")
  static final String STAR = new String("*");

  static Scope of(int index, String text) {
    boolean attributes = text.startsWith("@");
    String path = attributes ? text.substring(1) : text;
    if (path.isEmpty()) {
      return new Scope(index, List.of(), "", false);
    }
    if (path.endsWith(".*")) {
      List<String> keys = new java.util.ArrayList<>(keys(path.substring(0, path.length() - 2)));
      keys.add(STAR);
      return new Scope(index, List.copyOf(keys), "", false);
    }
    return path.endsWith(".")
        ? new Scope(index, List.of(), path, false)
        : new Scope(index, keys(path), "", attributes);
  }

  private static List<String> keys(String path) {
    return List.of(path.split("\\.", -1));
  }

  boolean isStar() {
    return !path.isEmpty() && path.get(path.size() - 1) == STAR;
  }

  /** Keys below this scope, or null when {@code keys} does not lead into it. */
  @org.jspecify.annotations.Nullable
  List<String> below(List<String> keys) {
    if (!prefix.isEmpty()) {
      return belowPrefix(keys);
    }
    if (keys.size() <= path.size() || !leads(keys)) {
      return null;
    }
    return keys.subList(path.size(), keys.size());
  }

  private @Nullable List<String> belowPrefix(List<String> keys) {
    if (keys.isEmpty() || !keys.get(0).startsWith(prefix)) {
      return null;
    }
    List<String> rest = new java.util.ArrayList<>(keys);
    rest.set(0, keys.get(0).substring(prefix.length()));
    return rest;
  }

  private boolean leads(List<String> keys) {
    for (int i = 0; i < path.size(); i++) {
      if (!isSame(path.get(i), keys.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Whether {@code keys} is the scope's object, or an object on the way to it. */
  boolean isOnTheWay(List<String> keys) {
    if (!prefix.isEmpty() || keys.size() > path.size()) {
      return false;
    }
    for (int i = 0; i < keys.size(); i++) {
      if (!isSame(path.get(i), keys.get(i))) {
        return false;
      }
    }
    return true;
  }

  @SuppressWarnings("ReferenceEquality")
  private static boolean isSame(String wanted, String key) {
    return wanted == STAR || key == STAR ? wanted == key : wanted.equals(key);
  }
}
