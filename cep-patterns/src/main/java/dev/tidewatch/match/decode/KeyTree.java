package dev.tidewatch.match.decode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Paths of keys seen so far, and what each may be to the catalog's fields. */
final class KeyTree {
  /** Members of event data that name it: {@code "Data": [{"@Name": "Image", ...}]}. */
  private static final Set<String> NAMES = Set.of("#attributes", "@Name", "Name");

  private final FieldCatalog catalog;
  private final int maxNodes;
  private final List<KeyNode> wanted = new ArrayList<>();
  private int nodes;
  final KeyNode root;

  KeyTree(FieldCatalog catalog, int maxNodes) {
    this.catalog = catalog;
    this.maxNodes = maxNodes;
    this.root = new KeyNode(null, "", nodes++);
    root.open = true;
  }

  /** Events with ever new keys must not fill the memory: a full tree is to be replaced. */
  boolean isFull() {
    return nodes >= maxNodes;
  }

  /** Nodes that may be a field; grows. */
  List<KeyNode> wanted() {
    return wanted;
  }

  /** The member of {@code owner} with the key {@code bytes[from, to)}. */
  KeyNode member(KeyNode owner, byte[] bytes, int from, int to) {
    long hash = Words.hash(bytes, from, to - from);
    KeyNode known = owner.member(hash, bytes, from, to);
    if (known != null) {
      return known;
    }
    String key = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    if (!Arrays.equals(key.getBytes(StandardCharsets.UTF_8), Arrays.copyOfRange(bytes, from, to))) {
      throw Unusual.ENCODING;
    }
    KeyNode made = make(owner, key);
    owner.addMember(hash, made);
    return made;
  }

  private KeyNode make(KeyNode owner, String key) {
    KeyNode node = new KeyNode(owner, key, nodes++);
    node.suspicious = catalog.isSuspicious(key);
    List<String> keys = keys(node);
    node.roles = roles(keys);
    node.wanted = node.roles.length > 0;
    for (Scope scope : catalog.scopes()) {
      inspect(node, keys, scope);
    }
    linkText(node);
    linkStars(node);
    node.open |= node.wanted || isHead(keys);
    node.skipped = !node.wanted && !node.open && node.scopesIfObject == 0;
    for (Role role : node.roles) {
      if (role.scope().path().isEmpty() && role.scope().prefix().isEmpty()) {
        byte shapeRole = role.kind() == Role.Kind.EXACT ? shapeRole(role) : 0;
        node.shapeRole = (byte) Math.max(node.shapeRole, shapeRole);
      }
    }
    if (node.roles.length > 0) {
      wanted.add(node);
    }
    return node;
  }

  private byte shapeRole(Role role) {
    return catalog.shapeRole(catalog.name(role.field()));
  }

  private static List<String> keys(KeyNode node) {
    List<String> keys = new ArrayList<>();
    for (KeyNode at = node; at.parent != null; at = at.parent) {
      keys.add(0, at.key);
    }
    return keys;
  }

  private Role[] roles(List<String> keys) {
    List<Role> roles = new ArrayList<>();
    for (Scope scope : catalog.scopes()) {
      List<String> rest = scope.below(keys);
      if (rest != null) {
        addRoles(scope, rest, roles);
        if (scope.attributes()) {
          addAttribute(scope, rest, roles);
        }
      }
    }
    return roles.toArray(Role[]::new);
  }

  private void addRoles(Scope scope, List<String> rest, List<Role> into) {
    int exact = catalog.exact(rest);
    if (exact >= 0) {
      into.add(new Role(scope, exact, order(rest), Role.Kind.EXACT));
    }
    for (int field : catalog.squeezed(rest)) {
      if (field != exact) {
        into.add(new Role(scope, field, "", Role.Kind.DOUBTFUL));
      }
    }
  }

  /** Parts of each key but the last; the reference prefers the whole name, then shorter heads. */
  private static String order(List<String> rest) {
    StringBuilder order = new StringBuilder();
    for (String key : rest.subList(0, rest.size() - 1)) {
      order.append((char) (1 + key.chars().filter(c -> c == '.').count()));
    }
    return order.append('\0').toString();
  }

  private void addAttribute(Scope scope, List<String> rest, List<Role> into) {
    String last = rest.get(rest.size() - 1);
    String element = rest.get(0);
    if (rest.size() == 3 && rest.get(1).equals("#attributes")) {
      addAttribute(scope, catalog.attribute(element, last), Role.Kind.ATTRIBUTE, into);
    } else if (rest.size() == 2) {
      String bare = last.startsWith("@") ? last.substring(1) : last;
      String owner =
          element.endsWith("_attributes")
              ? element.substring(0, element.length() - "_attributes".length())
              : element;
      addAttribute(scope, catalog.attribute(owner, bare), Role.Kind.DOUBTFUL, into);
      addAttribute(scope, catalog.attribute(element, bare), Role.Kind.DOUBTFUL, into);
      addAttribute(scope, catalog.attribute(owner, last), Role.Kind.DOUBTFUL, into);
    }
  }

  private static void addAttribute(Scope scope, int field, Role.Kind kind, List<Role> into) {
    if (field >= 0) {
      into.add(new Role(scope, field, "", kind));
    }
  }

  /** What the node is on the way to, and what must not stand there for this reader. */
  private static void inspect(KeyNode node, List<String> keys, Scope scope) {
    long bit = 1L << scope.index();
    if (scope.isOnTheWay(keys)) {
      node.open = true;
      node.scopesIfArray |= bit;
    }
    List<String> rest = scope.below(keys);
    if (rest == null || !scope.prefix().isEmpty() || scope.path().isEmpty()) {
      return;
    }
    boolean names = NAMES.contains(rest.get(rest.size() - 1));
    if (rest.size() == 1 && rest.get(0).equals("Data")) {
      node.open = true;
    } else if (rest.size() == 2 && rest.get(0).equals("Data") && names) {
      node.scopesIfPresent |= bit;
      node.wanted = true;
    }
    if (scope.attributes()) {
      node.scopesIfArray |= bit;
      for (Role role : node.roles) {
        if (role.kind() == Role.Kind.ATTRIBUTE) {
          node.scopesIfObject |= bit;
          node.attribute = true;
        }
      }
    }
  }

  private boolean isHead(List<String> keys) {
    for (Scope scope : catalog.scopes()) {
      List<String> rest = scope.below(keys);
      if (rest != null && (catalog.isHead(rest) || isAttributeHead(scope, rest))) {
        return true;
      }
    }
    return false;
  }

  private boolean isAttributeHead(Scope scope, List<String> rest) {
    if (!scope.attributes() || rest.size() > 2) {
      return false;
    }
    String element = rest.get(0);
    int suffix = element.length() - "_attributes".length();
    boolean named =
        catalog.hasAttributesOf(element)
            || element.endsWith("_attributes")
                && catalog.hasAttributesOf(element.substring(0, suffix));
    return named && (rest.size() == 1 || rest.get(1).equals("#attributes"));
  }

  private static void linkText(KeyNode node) {
    KeyNode owner = node.parent;
    if (owner != null && node.key.equals("#text") && owner.wanted) {
      node.textOf = owner;
      node.wanted = true;
    }
  }

  private void linkStars(KeyNode node) {
    KeyNode owner = node.parent;
    if (owner == null) {
      return;
    }
    List<String> keys = keys(node);
    for (Scope scope : catalog.scopes()) {
      if (scope.isStar() && keys.size() == scope.path().size() - 1 && scope.isOnTheWay(keys)) {
        node.starOfMembers = new KeyNode(node, Scope.STAR, nodes++);
        node.starOfMembers.scopesIfObject = 1L << scope.index();
      }
    }
    KeyNode star =
        owner.starOfMembers != null
            ? owner.starOfMembers
            : owner.star == null ? null : starMember(owner.star, node);
    if (owner.starOfMembers != null) {
      node.scopesIfArray |= owner.starOfMembers.scopesIfObject;
    }
    if (star != null) {
      node.star = star;
      node.wanted |= star.wanted;
      node.open = true;
    }
  }

  private KeyNode starMember(KeyNode star, KeyNode node) {
    byte[] key = Arrays.copyOf(node.tail, node.tail.length + 8);
    long hash = Words.hash(key, 0, node.tail.length - 2);
    @Nullable KeyNode known = star.member(hash, key, 0, node.tail.length - 2);
    if (known != null) {
      return known;
    }
    KeyNode made = make(star, node.key);
    star.addMember(hash, made);
    return made;
  }
}
