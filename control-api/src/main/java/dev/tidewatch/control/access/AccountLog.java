package dev.tidewatch.control.access;

import dev.tidewatch.control.database.TenantTransaction;
import java.util.Map;

/** Is told of changes that a sign-in makes, in their transaction. */
@FunctionalInterface
public interface AccountLog {
  /** Where nobody signs in. */
  AccountLog UNHEARD = (transaction, actor, user, what) -> {};

  /**
   * @param actor who signs in
   * @param user whose account it is
   */
  void changed(TenantTransaction transaction, String actor, String user, Map<String, String> what);
}
