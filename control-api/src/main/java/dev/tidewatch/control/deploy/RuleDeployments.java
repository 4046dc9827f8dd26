package dev.tidewatch.control.deploy;

import dev.tidewatch.control.change.Changes;
import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.rule.RuleArchive;
import dev.tidewatch.control.rule.Sight;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.deploy.RuleBook.Entry;
import dev.tidewatch.deploy.RuleTopic;
import dev.tidewatch.events.Topics;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import io.grpc.BindableService;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** All of this package for a Kafka: what runs, and the service that shows and changes it. */
public final class RuleDeployments implements AutoCloseable {
  private final RunningRules running;
  private final Optional<RecordedRules> recorded;
  private final AuditedDeployments audited;
  private final RuleDeploymentEndpoint endpoint;
  private final StoredRules archive;
  private final ValueListDeployment valueLists;

  private RuleDeployments(
      RunningRules running,
      Optional<RecordedRules> recorded,
      AuditedDeployments audited,
      Supplier<Deployer> caller) {
    this.running = running;
    this.recorded = recorded;
    this.audited = audited;
    this.archive =
        new StoredRules(
            recorded, running::book, this::status, new RuleDrafts(audited, caller), caller);
    this.endpoint = new RuleDeploymentEndpoint(this::status, audited, archive, caller);
    this.valueLists = new ValueListDeployment(running, recorded, audited);
  }

  /** Where rules and the audit records of their changes are kept. */
  public record Records(ControlDatabase database, Changes changes) {}

  /**
   * Begins to follow; Kafka may be away.
   *
   * @param start what the pipeline was started with
   * @param records empty where there is no control database: changes go straight to Kafka
   * @param caller of the request that the calling thread is about
   * @param watch told how far each revision has come
   */
  public static RuleDeployments follow(
      String bootstrapServers,
      Supplier<Compilation> start,
      Optional<Records> records,
      Supplier<Deployer> caller,
      Clock clock,
      DeploymentWatch watch) {
    RuleTopic topic = new RuleTopic(Map.of("bootstrap.servers", bootstrapServers), Topics.RULES);
    DeployedSet compiler = new DeployedSet();
    RunningRules running = RunningRules.follow(topic, Topics.RULES_STATUS, start, compiler);
    Optional<RecordedRules> recorded =
        records.map(
            r -> new RecordedRules(r.database(), r.changes(), topic, running::book, clock, watch));
    recorded.ifPresent(rules -> running.onRevision(() -> rules.relay().heard(running.book())));
    AuditedDeployments audited = new AuditedDeployments(recorded, topic, compiler, clock);
    return new RuleDeployments(running, recorded, audited, caller);
  }

  private StatusReport status() {
    Optional<RecordedRules.Recorded> newest = recorded.flatMap(RecordedRules::newest);
    RuleBook read = running.book();
    return newest
        .filter(known -> known.book().revision() >= read.revision())
        .map(known -> new StatusReport(known.book(), known.published(), running.reports()))
        .orElseGet(() -> new StatusReport(read, read.revision(), running.reports()));
  }

  /** The rules in force. */
  public Compilation compilation() {
    return running.compilation();
  }

  /** The rules in force, without those that run for others than {@code tenant} alone. */
  public Compilation compilation(String tenant) {
    Sight sight = archive.sight(tenant);
    Set<String> hidden = new HashSet<>();
    for (Entry entry : running.book().entries().values()) {
      // Where two tenants have a version each, the compilation has the first one's.
      entry
          .main()
          .or(() -> entry.running().findFirst())
          .filter(placed -> sight.tenants(placed.getTenantsList()).isEmpty())
          .ifPresent(placed -> hidden.add(entry.placement().getRuleId()));
    }
    Compilation all = compilation();
    return hidden.isEmpty()
        ? all
        : new Compilation(
            all.files(),
            all.rules().stream().filter(rule -> !hidden.contains(rule.id())).toList(),
            all.stateful().stream().filter(rule -> !hidden.contains(rule.id())).toList(),
            all.inline(),
            all.refused(),
            all.diagnostics(),
            all.refusedByCode());
  }

  /** Brings tenants' value lists to the rules. */
  public ValueListDeployment valueLists() {
    return valueLists;
  }

  /** Takes tenants that are deleted out of the rules. */
  public RuleErasure erasure() {
    return new RuleErasure(recorded, audited);
  }

  /** What a tenant's rules are compiled with: values of placeholders by their names. */
  public Map<String, List<String>> valueListsFor(String tenant) {
    return running.book().lists().inForceFor(tenant);
  }

  public BindableService endpoint() {
    return endpoint;
  }

  /** Rules as they are kept. */
  public RuleArchive archive() {
    return archive;
  }

  @Override
  public void close() {
    recorded.ifPresent(RecordedRules::close);
    running.close();
  }
}
