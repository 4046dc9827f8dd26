package dev.tidewatch.agent.release;

import dev.tidewatch.agent.update.tuf.SigningKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The keys of roles in root metadata. */
final class Roles {
  static final RoleShare ONE = new RoleShare(1, 1);

  private Roles() {}

  /**
   * Makes a role's keys.
   *
   * @param allKeys where their entries go
   */
  static Map<String, Object> create(
      KeyDirectory keys, String role, RoleShare share, Map<String, Object> allKeys)
      throws IOException {
    List<Object> ids = new ArrayList<>();
    for (int i = 0; i < share.keys(); i++) {
      Map<String, Object> entry = keys.create(role);
      String id = SigningKeys.id(entry);
      allKeys.put(id, entry);
      ids.add(id);
    }
    Map<String, Object> created = new LinkedHashMap<>();
    created.put("keyids", ids);
    created.put("threshold", (long) share.threshold());
    return created;
  }

  /** Puts new keys into the role's place; keys that no role has any more go. */
  static void replace(KeyDirectory keys, String role, RoleShare share, Map<String, Object> root)
      throws IOException {
    Map<String, Object> allKeys = Json.object(root, "keys");
    Map<String, Object> roles = Json.object(root, "roles");
    roles.put(role, create(keys, role, share, allKeys));
    Set<Object> used = new HashSet<>();
    for (String name : roles.keySet()) {
      used.addAll((List<?>) Json.get(Json.object(roles, name), "keyids"));
    }
    allKeys.keySet().retainAll(used);
  }
}
