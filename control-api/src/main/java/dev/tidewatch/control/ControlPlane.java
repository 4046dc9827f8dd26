package dev.tidewatch.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.tidewatch.control.access.AccountLog;
import dev.tidewatch.control.access.Accounts;
import dev.tidewatch.control.access.Authentication;
import dev.tidewatch.control.access.Authenticator;
import dev.tidewatch.control.access.OidcEndpoint;
import dev.tidewatch.control.access.RateLimits;
import dev.tidewatch.control.access.Refusals;
import dev.tidewatch.control.access.SessionEndpoint;
import dev.tidewatch.control.access.SignInLimits;
import dev.tidewatch.control.account.AccessEndpoint;
import dev.tidewatch.control.account.OwnPassword;
import dev.tidewatch.control.agent.AgentEndpoint;
import dev.tidewatch.control.agent.AgentOrders;
import dev.tidewatch.control.agent.CollectedEvidence;
import dev.tidewatch.control.agent.EvidenceDownload;
import dev.tidewatch.control.alert.SavedFilterEndpoint;
import dev.tidewatch.control.alert.TriageDesk;
import dev.tidewatch.control.alert.TriageMirror;
import dev.tidewatch.control.audit.AuditDetail;
import dev.tidewatch.control.audit.AuditEndpoint;
import dev.tidewatch.control.audit.AuditEntry;
import dev.tidewatch.control.audit.AuditLog;
import dev.tidewatch.control.audit.AuditSeals;
import dev.tidewatch.control.audit.AuditedRefusals;
import dev.tidewatch.control.audit.SigningKey;
import dev.tidewatch.control.change.Changes;
import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.deploy.RuleDeployments;
import dev.tidewatch.control.deploy.RuleDeployments.Records;
import dev.tidewatch.control.request.Readings;
import dev.tidewatch.control.tenant.RetentionKeeper;
import dev.tidewatch.control.tenant.TenantEndpoint;
import dev.tidewatch.control.tenant.ValueListKeeper;
import dev.tidewatch.store.AlertQueries;
import dev.tidewatch.store.AlertQueries.RaisedBy;
import dev.tidewatch.store.ClickHouseStore;
import io.grpc.BindableService;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;

/** What stands on the control database, or the absence of one. */
final class ControlPlane implements AutoCloseable {
  private final Authentication authentication;
  private final Refusals refusals;
  private final RateLimits limits;
  private final Optional<Records> records;
  private final Optional<TriageDesk> desk;
  private final Optional<SignIns> signIns;
  private final Optional<ValueListKeeper> lists;
  private final Optional<TenantEndpoint> tenants;
  private final Optional<EvidenceDownload> downloads;
  private final List<BindableService> services;
  private final List<AutoCloseable> closing;

  private ControlPlane(
      Authentication authentication,
      Refusals refusals,
      RateLimits limits,
      Optional<Records> records,
      Optional<TriageDesk> desk,
      Optional<SignIns> signIns,
      Optional<ValueListKeeper> lists,
      Optional<TenantEndpoint> tenants,
      Optional<EvidenceDownload> downloads,
      List<BindableService> services,
      List<AutoCloseable> closing) {
    this.authentication = authentication;
    this.refusals = refusals;
    this.limits = limits;
    this.records = records;
    this.desk = desk;
    this.signIns = signIns;
    this.lists = lists;
    this.tenants = tenants;
    this.downloads = downloads;
    this.services = services;
    this.closing = closing;
  }

  /** Connects to the control database where access is guarded. */
  static ControlPlane of(ControlOptions options, ClickHouseStore store, Readings readings) {
    return options.access() instanceof AccessOptions.Required required
        ? guarded(required, options, store, readings)
        : open(options.clock());
  }

  private static ControlPlane open(Clock clock) {
    return new ControlPlane(
        Authentication.open(),
        Refusals.UNHEARD,
        new RateLimits(1e9, 1e9, clock),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of());
  }

  private static ControlPlane guarded(
      AccessOptions.Required options,
      ControlOptions all,
      ClickHouseStore store,
      Readings readings) {
    Clock clock = all.clock();
    Set<String> origins = all.corsOrigins();
    SigningKey key = SigningKey.at(options.signingKey());
    ControlDatabase database = ControlDatabase.open(options.database());
    AuditLog log = new AuditLog(clock);
    AuditedRefusals refusals = new AuditedRefusals(database, log, clock);
    AuditSeals seals = new AuditSeals(database, key, clock);
    seals.start();
    Accounts accounts = new Accounts(database, options.sessionLifetime(), accountLog(log), clock);
    Authenticator authenticator = new Authenticator(accounts, options.tokens(), clock);
    RetentionKeeper retention = new RetentionKeeper(database, store.tenantData());
    Changes changes = new Changes(database, log, clock);
    AgentOrders orders = new AgentOrders(key);
    orders.publish(database);
    SignInLimits limits = new SignInLimits(clock);
    ValueListKeeper lists = new ValueListKeeper(database, changes);
    Optional<OidcEndpoint> oidc =
        options.signIn().map(issuer -> new OidcEndpoint(issuer, accounts, limits, refusals, clock));
    TriageMirror mirror = new TriageMirror(database, store.alertTriageWriter());
    CollectedEvidence evidence = new CollectedEvidence(database, changes, all.evidenceDirectory());
    TenantEndpoint tenants =
        new TenantEndpoint(
            database, changes, authenticator, store.tenantData(), retention, lists, key);
    int rate = options.requestsPerSecond();
    return new ControlPlane(
        Authentication.by(authenticator, origins),
        refusals,
        new RateLimits(rate, 2.0 * rate, clock),
        Optional.of(new Records(database, changes)),
        Optional.of(new TriageDesk(database, changes, mirror, raisedBy(store, readings))),
        Optional.of(
            new SignIns(
                new SessionEndpoint(accounts, authenticator, limits, refusals, clock), oidc)),
        Optional.of(lists),
        Optional.of(tenants),
        Optional.of(new EvidenceDownload(evidence)),
        List.of(
            new AccessEndpoint(
                database,
                changes,
                authenticator,
                new OwnPassword(accounts, authenticator, changes, limits, refusals),
                clock),
            tenants,
            new AgentEndpoint(database, changes, orders, evidence, clock),
            new SavedFilterEndpoint(database, changes),
            new AuditEndpoint(database, key)),
        List.of(mirror, lists, retention, seals, refusals, database));
  }

  private static BiFunction<String, Collection<UUID>, Map<UUID, RaisedBy>> raisedBy(
      ClickHouseStore store, Readings readings) {
    AlertQueries alerts = store.alertQueries();
    return (tenant, ids) -> readings.lookups().read(() -> alerts.raisedBy(tenant, ids));
  }

  /** How browsers sign in. */
  record SignIns(SessionEndpoint sessions, Optional<OidcEndpoint> oidc) {}

  private static AccountLog accountLog(AuditLog log) {
    return (transaction, actor, user, what) -> {
      ServiceRequestContext context = ServiceRequestContext.current();
      ObjectNode detail = AuditDetail.empty();
      what.forEach(detail::put);
      log.append(
          transaction,
          new AuditEntry(
              actor,
              "session",
              "user " + user,
              AuditEntry.Outcome.CHANGED,
              detail.toString(),
              context.id().shortText(),
              context.remoteAddress().getAddress().getHostAddress()));
    };
  }

  /** Value lists are brought to these rules from now on, and deleted tenants taken out of them. */
  void deployTo(RuleDeployments rules) {
    lists.ifPresent(keeper -> keeper.tell(rules.valueLists()));
    tenants.ifPresent(endpoint -> endpoint.eraseFrom(rules.erasure()));
  }

  Authentication authentication() {
    return authentication;
  }

  Refusals refusals() {
    return refusals;
  }

  RateLimits limits() {
    return limits;
  }

  /** Where rules are kept, and how control state changes, with its audit record. */
  Optional<Records> records() {
    return records;
  }

  Optional<TriageDesk> desk() {
    return desk;
  }

  Optional<SignIns> signIns() {
    return signIns;
  }

  Optional<EvidenceDownload> downloads() {
    return downloads;
  }

  List<BindableService> services() {
    return services;
  }

  @Override
  public void close() {
    for (AutoCloseable part : closing) {
      try {
        part.close();
      } catch (Exception e) {
        throw new IllegalStateException("closing the control plane", e);
      }
    }
  }
}
