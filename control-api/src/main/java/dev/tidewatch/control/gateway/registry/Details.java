package dev.tidewatch.control.gateway.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewatch.control.audit.AuditDetail;

/** Details of audit records. */
final class Details {
  private Details() {}

  /**
   * @param pairs name, value, and so on
   */
  static String of(String... pairs) {
    ObjectNode detail = AuditDetail.empty();
    for (int i = 0; i < pairs.length; i += 2) {
      detail.put(pairs[i], pairs[i + 1]);
    }
    return detail.toString();
  }
}
