package dev.tidewatch.control.tenant;

import dev.tidewatch.control.access.Authentication;
import dev.tidewatch.control.access.Authenticator;
import dev.tidewatch.control.access.Secrets;
import dev.tidewatch.control.audit.SigningKey;
import dev.tidewatch.control.change.Changes;
import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.deploy.RuleErasure;
import dev.tidewatch.control.gateway.registry.PublishedKeys;
import dev.tidewatch.control.request.Answer;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.request.Page;
import dev.tidewatch.control.request.PageKey;
import dev.tidewatch.control.v1.*;
import dev.tidewatch.store.TenantData;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.function.Function;

/** {@code TenantService}. Methods run on blocking threads. */
public final class TenantEndpoint extends TenantServiceGrpc.TenantServiceImplBase {
  private static final int LONGEST_DAYS = 3_650;

  private final ControlDatabase database;
  private final Changes changes;
  private final Authenticator authenticator;
  private final RetentionKeeper retention;
  private final TenantDeletion deletion;
  private final ValueListKeeper lists;

  public TenantEndpoint(
      ControlDatabase database,
      Changes changes,
      Authenticator authenticator,
      TenantData data,
      RetentionKeeper retention,
      ValueListKeeper lists,
      SigningKey key) {
    this.database = database;
    this.changes = changes;
    this.authenticator = authenticator;
    this.retention = retention;
    this.lists = lists;
    this.deletion = new TenantDeletion(database, data, key);
  }

  /** From now on a tenant that is deleted is taken out of the rules too. */
  public void eraseFrom(RuleErasure rules) {
    deletion.eraseFrom(rules);
  }

  @Override
  public void listTenants(
      ListTenantsRequest request, StreamObserver<ListTenantsResponse> observer) {
    Answer.with(observer, () -> list(request));
  }

  private ListTenantsResponse list(ListTenantsRequest request) {
    new FieldChecks().count("page_size", request.getPageSize(), Page.LARGEST).done();
    String after = PageKey.text(request.getPageToken());
    String home = Authentication.principal().tenant();
    Page<Tenant> page =
        Page.of(
            request.getPageSize(),
            limit -> database.inTenant(home, tx -> Tenants.page(tx, after, limit)),
            Tenant::getTenantId);
    return ListTenantsResponse.newBuilder()
        .addAllTenants(page.items())
        .setNextPageToken(page.next())
        .build();
  }

  @Override
  public void getTenant(GetTenantRequest request, StreamObserver<Tenant> observer) {
    read(observer, request.getTenantId(), Tenants::get);
  }

  @Override
  public void createTenant(CreateTenantRequest request, StreamObserver<Tenant> observer) {
    Answer.with(
        observer,
        () -> {
          Tenants.check(request.getTenantId(), request.getDisplayName());
          return changes.run(
              TenantServiceGrpc.getCreateTenantMethod(),
              request.getTenantId(),
              request,
              change -> Tenants.create(change, request));
        });
  }

  @Override
  public void updateTenant(UpdateTenantRequest request, StreamObserver<Tenant> observer) {
    Answer.with(
        observer,
        () -> {
          Tenants.check(request.getTenantId(), request.getDisplayName());
          new FieldChecks()
              .require(
                  request.getUpdateMask().getPathsList().equals(List.of("display_name")),
                  "update_mask",
                  "must be display_name")
              .done();
          return changes.run(
              TenantServiceGrpc.getUpdateTenantMethod(),
              request.getTenantId(),
              request,
              change -> Tenants.update(change, request));
        });
  }

  @Override
  public void deleteTenant(
      DeleteTenantRequest request, StreamObserver<DeletionCertificate> observer) {
    Answer.with(
        observer,
        () -> {
          new FieldChecks()
              .tenant(request.getTenantId())
              .require(
                  request.getConfirm().equals(request.getTenantId()),
                  "confirm",
                  "must be the tenant's id once more")
              .require(
                  !request.getTenantId().equals(ControlDatabase.SYSTEM),
                  "tenant_id",
                  "must not be the operators' own")
              .done();
          DeletionCertificate certificate =
              changes.run(
                  TenantServiceGrpc.getDeleteTenantMethod(),
                  request.getTenantId(),
                  request,
                  deletion::delete);
          deletion.keep(certificate);
          authenticator.forget();
          lists.changed();
          return certificate;
        });
  }

  @Override
  public void suspendTenant(SuspendTenantRequest request, StreamObserver<Tenant> observer) {
    Answer.with(
        observer,
        () -> {
          new FieldChecks()
              .tenant(request.getTenantId())
              .text("reason", request.getReason(), 1_000)
              .require(
                  !request.getTenantId().equals(ControlDatabase.SYSTEM),
                  "tenant_id",
                  "must not be the operators' own")
              .done();
          return changes.run(
              TenantServiceGrpc.getSuspendTenantMethod(),
              request.getTenantId(),
              request,
              change -> Tenants.suspend(change, request));
        });
  }

  @Override
  public void resumeTenant(ResumeTenantRequest request, StreamObserver<Tenant> observer) {
    Answer.with(
        observer,
        () -> {
          new FieldChecks().tenant(request.getTenantId()).done();
          return changes.run(
              TenantServiceGrpc.getResumeTenantMethod(),
              request.getTenantId(),
              request,
              change -> Tenants.resume(change, request));
        });
  }

  @Override
  public void getRetention(GetRetentionRequest request, StreamObserver<Retention> observer) {
    read(observer, request.getTenantId(), TenantSettings::retention);
  }

  @Override
  public void setRetention(SetRetentionRequest request, StreamObserver<Retention> observer) {
    Answer.with(
        observer,
        () -> {
          new FieldChecks()
              .tenant(request.getTenantId())
              .require(
                  isDays(request.getEventsDays()), "events_days", "must be 0 to " + LONGEST_DAYS)
              .require(
                  isDays(request.getAlertsDays()), "alerts_days", "must be 0 to " + LONGEST_DAYS)
              .done();
          Retention set =
              changes.run(
                  TenantServiceGrpc.getSetRetentionMethod(),
                  request.getTenantId(),
                  request,
                  change -> TenantSettings.setRetention(change, request));
          retention.changed();
          return set;
        });
  }

  private static boolean isDays(int days) {
    return days >= 0 && days <= LONGEST_DAYS;
  }

  @Override
  public void getQuotas(GetQuotasRequest request, StreamObserver<Quotas> observer) {
    read(observer, request.getTenantId(), TenantSettings::quotas);
  }

  @Override
  public void setQuotas(SetQuotasRequest request, StreamObserver<Quotas> observer) {
    Answer.with(
        observer,
        () -> {
          boolean negative =
              request.getQuotas().getAllFields().values().stream()
                  .anyMatch(limit -> (Long) limit < 0);
          new FieldChecks()
              .tenant(request.getTenantId())
              .require(!negative, "quotas", "must not be negative")
              .done();
          return changes.run(
              TenantServiceGrpc.getSetQuotasMethod(),
              request.getTenantId(),
              request,
              change -> TenantSettings.setQuotas(change, request));
        });
  }

  @Override
  public void listEnrolmentTokens(
      ListEnrolmentTokensRequest request, StreamObserver<ListEnrolmentTokensResponse> observer) {
    Answer.with(observer, () -> listTokens(request));
  }

  private ListEnrolmentTokensResponse listTokens(ListEnrolmentTokensRequest request) {
    Page<EnrolmentToken> page =
        page(
            request.getTenantId(),
            request.getPageSize(),
            request.getPageToken(),
            EnrolmentTokens::page,
            EnrolmentToken::getTokenId);
    return ListEnrolmentTokensResponse.newBuilder()
        .addAllTokens(page.items())
        .setNextPageToken(page.next())
        .build();
  }

  private interface PageQuery<T> {
    List<T> find(TenantTransaction transaction, String after, int limit);
  }

  private <T> Page<T> page(
      String tenant, int size, String token, PageQuery<T> query, Function<T, String> key) {
    new FieldChecks().tenant(tenant).count("page_size", size, Page.LARGEST).done();
    String after = PageKey.text(token);
    return Page.of(
        size, limit -> database.inTenant(tenant, tx -> query.find(tx, after, limit)), key);
  }

  @Override
  public void createEnrolmentToken(
      CreateEnrolmentTokenRequest request, StreamObserver<CreateEnrolmentTokenResponse> observer) {
    Answer.with(
        observer,
        () -> {
          EnrolmentTokens.check(request);
          String pin = pin();
          return changes.runSecretly(
              TenantServiceGrpc.getCreateEnrolmentTokenMethod(),
              request.getTenantId(),
              request,
              change -> EnrolmentTokens.create(change, request, pin));
        });
  }

  /**
   * Of the authority that agents have to meet where they enrol; empty before there is a gateway.
   */
  private String pin() {
    return PublishedKeys.newest(database, PublishedKeys.GATEWAY_AUTHORITY)
        .map(certificate -> "." + Secrets.base64(Secrets.sha256(certificate)))
        .orElse("");
  }

  @Override
  public void revokeEnrolmentToken(
      RevokeEnrolmentTokenRequest request, StreamObserver<EnrolmentToken> observer) {
    Answer.with(
        observer,
        () -> {
          new FieldChecks()
              .tenant(request.getTenantId())
              .uuid("token_id", request.getTokenId())
              .done();
          return changes.run(
              TenantServiceGrpc.getRevokeEnrolmentTokenMethod(),
              request.getTenantId(),
              request,
              change -> EnrolmentTokens.revoke(change, request));
        });
  }

  @Override
  public void listValueLists(
      ListValueListsRequest request, StreamObserver<ListValueListsResponse> observer) {
    Answer.with(observer, () -> lists.list(request));
  }

  @Override
  public void putValueList(PutValueListRequest request, StreamObserver<ValueList> observer) {
    Answer.with(observer, () -> lists.put(request));
  }

  @Override
  public void deleteValueList(
      DeleteValueListRequest request, StreamObserver<DeleteValueListResponse> observer) {
    Answer.with(observer, () -> lists.delete(request));
  }

  private <T> void read(
      StreamObserver<T> observer, String tenant, Function<TenantTransaction, T> query) {
    Answer.with(
        observer,
        () -> {
          new FieldChecks().tenant(tenant).done();
          return database.inTenant(tenant, query);
        });
  }
}
