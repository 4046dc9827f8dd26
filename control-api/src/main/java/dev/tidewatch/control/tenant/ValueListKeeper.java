package dev.tidewatch.control.tenant;

import dev.tidewatch.control.change.Change;
import dev.tidewatch.control.change.Changes;
import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.deploy.ValueListDeployment;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.request.Page;
import dev.tidewatch.control.request.PageKey;
import dev.tidewatch.control.v1.DeleteValueListRequest;
import dev.tidewatch.control.v1.DeleteValueListResponse;
import dev.tidewatch.control.v1.ListValueListsRequest;
import dev.tidewatch.control.v1.ListValueListsResponse;
import dev.tidewatch.control.v1.PutValueListRequest;
import dev.tidewatch.control.v1.TenantServiceGrpc;
import dev.tidewatch.control.v1.ValueList;
import dev.tidewatch.control.v1.ValueListUse;
import dev.tidewatch.deploy.Deployment;
import dev.tidewatch.deploy.RuleBook;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Value lists: kept in PostgreSQL, and brought to the rules, which are compiled with them, in the
 * same transaction. What could not be brought there with its change is brought later.
 */
public final class ValueListKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ValueListKeeper.class);
  private static final Duration BETWEEN = Duration.ofSeconds(10);
  private static final int LARGEST_PAGE = 50;

  private final ControlDatabase database;
  private final Changes changes;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "value-lists");
            thread.setDaemon(true);
            return thread;
          });
  private volatile @Nullable ValueListDeployment deployment;

  public ValueListKeeper(ControlDatabase database, Changes changes) {
    this.database = database;
    this.changes = changes;
  }

  /** From now on the rules in force are told. */
  public void tell(ValueListDeployment rules) {
    deployment = rules;
    var unused =
        timer.scheduleWithFixedDelay(this::tellAll, 1, BETWEEN.toSeconds(), TimeUnit.SECONDS);
  }

  ListValueListsResponse list(ListValueListsRequest request) {
    new FieldChecks()
        .tenant(request.getTenantId())
        .count("page_size", request.getPageSize(), LARGEST_PAGE)
        .done();
    String after = PageKey.text(request.getPageToken());
    Page<ValueList> page =
        Page.of(
            request.getPageSize() == 0 ? LARGEST_PAGE : request.getPageSize(),
            limit ->
                database.inTenant(request.getTenantId(), tx -> ValueLists.page(tx, after, limit)),
            ValueList::getName);
    ListValueListsResponse.Builder answer =
        ListValueListsResponse.newBuilder().setNextPageToken(page.next());
    ListUses uses = uses(request.getTenantId());
    page.items().forEach(list -> answer.addLists(told(list, uses)));
    return answer.build();
  }

  ValueList put(PutValueListRequest request) {
    ValueLists.check(request);
    ValueList put =
        changes.run(
            TenantServiceGrpc.getPutValueListMethod(),
            request.getTenantId(),
            request,
            change -> {
              ValueList list = ValueLists.put(change, request);
              tellRules(change);
              return list;
            });
    committed();
    return told(put, uses(request.getTenantId()));
  }

  DeleteValueListResponse delete(DeleteValueListRequest request) {
    ValueLists.name(request.getTenantId(), request.getName()).done();
    DeleteValueListResponse gone =
        changes.run(
            TenantServiceGrpc.getDeleteValueListMethod(),
            request.getTenantId(),
            request,
            change -> {
              requireUnused(change, request);
              DeleteValueListResponse deleted = ValueLists.delete(change, request);
              tellRules(change);
              return deleted;
            });
    committed();
    return gone;
  }

  /** A list that goes from under rules changes what they find, or whom they run for. */
  private void requireUnused(Change change, DeleteValueListRequest request) {
    ValueListDeployment rules = deployment;
    ListUses uses =
        rules == null ? ListUses.UNKNOWN : uses(rules.book(change), request.getTenantId());
    if (!request.getForce() && !uses.of(request.getName()).isEmpty()) {
      throw Status.FAILED_PRECONDITION
          .withDescription(
              ("the list %s is named by %s; nothing was deleted: change or retire them first, or"
                      + " delete it with force, and they take the list of tenant system, or do not"
                      + " run for this tenant any more")
                  .formatted(request.getName(), uses.told(request.getName())))
          .asRuntimeException();
    }
  }

  private ListUses uses(String tenant) {
    ValueListDeployment rules = deployment;
    return rules == null ? ListUses.UNKNOWN : uses(rules.book(), tenant);
  }

  private static ListUses uses(Optional<RuleBook> book, String tenant) {
    return book.map(rules -> ListUses.of(rules, tenant)).orElse(ListUses.UNKNOWN);
  }

  private void tellRules(Change change) {
    ValueListDeployment rules = deployment;
    if (rules != null) {
      rules.change(change, byName(ValueLists.page(change.transaction(), "", Integer.MAX_VALUE)));
    }
  }

  private void committed() {
    ValueListDeployment rules = deployment;
    if (rules != null) {
      rules.committed();
    }
  }

  private ValueList told(ValueList list, ListUses uses) {
    ValueListDeployment rules = deployment;
    boolean deployed =
        rules != null && rules.has(list.getTenantId(), list.getName(), deployed(list));
    List<ValueListUse> named = uses.of(list.getName());
    return list.toBuilder()
        .setDeployed(deployed)
        .setRules(named.size())
        .addAllUsedBy(named.stream().limit(ListUses.MOST_NAMED).toList())
        .build();
  }

  private static Map<String, Deployment.ValueList> byName(List<ValueList> lists) {
    Map<String, Deployment.ValueList> byName = new TreeMap<>();
    lists.forEach(list -> byName.put(list.getName(), deployed(list)));
    return byName;
  }

  private static Deployment.ValueList deployed(ValueList list) {
    return new Deployment.ValueList(list.getVersion(), list.getEntriesList());
  }

  /** Something was changed: the rules are told at once. */
  void changed() {
    try {
      timer.execute(this::tellAll);
    } catch (RejectedExecutionException closed) {
      // The next server tells them.
    }
  }

  private void tellAll() {
    ValueListDeployment rules = deployment;
    if (rules == null) {
      return;
    }
    try {
      Map<String, List<ValueList>> byTenant = new TreeMap<>();
      database
          .inTenant(ControlDatabase.SYSTEM, ValueLists::all)
          .forEach(
              list ->
                  byTenant.computeIfAbsent(list.getTenantId(), t -> new ArrayList<>()).add(list));
      rules.book().ifPresent(book -> tell(rules, book, byTenant));
    } catch (RuntimeException e) {
      LOG.warn("value lists are not told to the rules now; trying again: {}", e.toString());
    }
  }

  /** One tenant after the other: what one has does not keep another's back. */
  private static void tell(
      ValueListDeployment rules, RuleBook book, Map<String, List<ValueList>> byTenant) {
    book.lists().byTenant().keySet().forEach(t -> byTenant.putIfAbsent(t, List.of()));
    byTenant.forEach(
        (tenant, lists) -> {
          if (!book.lists().of(tenant).equals(byName(lists))) {
            try {
              rules.make(tenant, byName(lists));
            } catch (RuntimeException e) {
              LOG.warn("value lists of {} are not in force; trying again: {}", tenant, e + "");
            }
          }
        });
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
