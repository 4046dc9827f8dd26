package dev.tidewatch.control.deploy;

import dev.tidewatch.control.change.Change;
import dev.tidewatch.deploy.Deployment.ValueList;
import dev.tidewatch.deploy.RuleBook;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings tenants' value lists to the rules, and says which those in force have. */
public final class ValueListDeployment {
  private static final Logger LOG = LoggerFactory.getLogger(ValueListDeployment.class);

  /** Whom a revision names that makes up for one that could not be recorded with its change. */
  private static final String AUTHOR = "value-lists";

  private final RunningRules running;
  private final Optional<RecordedRules> recorded;
  private final AuditedDeployments audited;

  ValueListDeployment(
      RunningRules running, Optional<RecordedRules> recorded, AuditedDeployments audited) {
    this.running = running;
    this.recorded = recorded;
    this.audited = audited;
  }

  /** The rules as they are recorded; empty while nobody has read from Kafka what is deployed. */
  public Optional<RuleBook> book() {
    return recorded.flatMap(RecordedRules::newest).map(RecordedRules.Recorded::book);
  }

  /** The same within the transaction of a change. */
  public Optional<RuleBook> book(Change change) {
    return recorded.flatMap(rules -> rules.book(change));
  }

  /** Whether the rules in force have this very list. */
  public boolean has(String tenant, String name, ValueList list) {
    return running.book().lists().get(tenant, name).filter(known -> known.equals(list)).isPresent();
  }

  /**
   * Makes a tenant's lists these, in the transaction of {@code change}. While it is not known yet
   * what is deployed, nothing is done: {@link #make} is to follow.
   *
   * @throws StatusRuntimeException FAILED_PRECONDITION when a deployed rule would not compile
   */
  public void change(Change change, Map<String, ValueList> lists) {
    try {
      change.detail().put("revision", audited.valueLists(change, lists));
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Code.UNAVAILABLE) {
        throw e;
      }
      LOG.info("value lists are kept, and told to the rules later: {}", e.getMessage());
    }
  }

  /** A change was committed: Kafka is told of it. */
  public void committed() {
    recorded.ifPresent(rules -> rules.relay().nudge());
  }

  /** Makes a tenant's lists these, in a revision of its own. */
  public void make(String tenant, Map<String, ValueList> lists) {
    audited.valueLists(AUTHOR, tenant, lists);
    committed();
  }
}
