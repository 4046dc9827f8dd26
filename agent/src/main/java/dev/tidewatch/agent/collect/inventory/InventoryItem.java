package dev.tidewatch.agent.collect.inventory;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One thing of a list.
 *
 * @param key what makes it the same thing next time
 * @param fields in the terms of rules; a difference in any but {@code volatileFields} is a change
 * @param volatileFields that differ without anything having changed, as the number of a process
 */
record InventoryItem(String key, Map<String, String> fields, Map<String, String> volatileFields) {
  InventoryItem {
    fields = new LinkedHashMap<>(fields);
  }

  InventoryItem(String key, Map<String, String> fields) {
    this(key, fields, Map.of());
  }

  /** Of the fields in their order. */
  long hash() {
    long hash = 1125899906842597L;
    for (Map.Entry<String, String> field : fields.entrySet()) {
      String text = field.getKey() + '\0' + field.getValue() + '\0';
      for (int i = 0; i < text.length(); i++) {
        hash = 31 * hash + text.charAt(i);
      }
    }
    return hash;
  }
}
