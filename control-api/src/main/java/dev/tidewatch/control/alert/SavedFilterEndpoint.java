package dev.tidewatch.control.alert;

import dev.tidewatch.control.access.Authentication;
import dev.tidewatch.control.access.Principal;
import dev.tidewatch.control.change.Changes;
import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.request.Answer;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.v1.CreateSavedFilterRequest;
import dev.tidewatch.control.v1.DeleteSavedFilterRequest;
import dev.tidewatch.control.v1.DeleteSavedFilterResponse;
import dev.tidewatch.control.v1.ListSavedFiltersRequest;
import dev.tidewatch.control.v1.ListSavedFiltersResponse;
import dev.tidewatch.control.v1.SavedFilter;
import dev.tidewatch.control.v1.SavedFilterServiceGrpc;
import dev.tidewatch.control.v1.UpdateSavedFilterRequest;
import io.grpc.stub.StreamObserver;

/** {@code SavedFilterService}. Methods run on blocking threads. */
public final class SavedFilterEndpoint extends SavedFilterServiceGrpc.SavedFilterServiceImplBase {
  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_QUERY = 4_000;

  private final ControlDatabase database;
  private final Changes changes;

  public SavedFilterEndpoint(ControlDatabase database, Changes changes) {
    this.database = database;
    this.changes = changes;
  }

  @Override
  public void listSavedFilters(
      ListSavedFiltersRequest request, StreamObserver<ListSavedFiltersResponse> observer) {
    Answer.with(observer, () -> list(request));
  }

  private ListSavedFiltersResponse list(ListSavedFiltersRequest request) {
    new FieldChecks().tenant(request.getTenantId()).done();
    Principal caller = Authentication.principal();
    return ListSavedFiltersResponse.newBuilder()
        .addAllFilters(
            database.inTenant(request.getTenantId(), tx -> SavedFilters.list(tx, caller)))
        .build();
  }

  @Override
  public void createSavedFilter(
      CreateSavedFilterRequest request, StreamObserver<SavedFilter> observer) {
    Answer.with(observer, () -> create(request));
  }

  private SavedFilter create(CreateSavedFilterRequest request) {
    check(request.getTenantId(), request.getName(), request.getQuery()).done();
    return changes.run(
        SavedFilterServiceGrpc.getCreateSavedFilterMethod(),
        request.getTenantId(),
        request,
        change -> SavedFilters.create(change, request));
  }

  @Override
  public void updateSavedFilter(
      UpdateSavedFilterRequest request, StreamObserver<SavedFilter> observer) {
    Answer.with(observer, () -> update(request));
  }

  private SavedFilter update(UpdateSavedFilterRequest request) {
    check(request.getTenantId(), request.getName(), request.getQuery())
        .uuid("filter_id", request.getFilterId())
        .done();
    return changes.run(
        SavedFilterServiceGrpc.getUpdateSavedFilterMethod(),
        request.getTenantId(),
        request,
        change -> SavedFilters.update(change, FieldChecks.uuid(request.getFilterId()), request));
  }

  @Override
  public void deleteSavedFilter(
      DeleteSavedFilterRequest request, StreamObserver<DeleteSavedFilterResponse> observer) {
    Answer.with(observer, () -> delete(request));
  }

  private DeleteSavedFilterResponse delete(DeleteSavedFilterRequest request) {
    new FieldChecks().tenant(request.getTenantId()).uuid("filter_id", request.getFilterId()).done();
    return changes.run(
        SavedFilterServiceGrpc.getDeleteSavedFilterMethod(),
        request.getTenantId(),
        request,
        change -> {
          SavedFilters.delete(change, FieldChecks.uuid(request.getFilterId()));
          return DeleteSavedFilterResponse.getDefaultInstance();
        });
  }

  private static FieldChecks check(String tenant, String name, String query) {
    return new FieldChecks()
        .tenant(tenant)
        .require(
            !name.isBlank() && name.chars().noneMatch(Character::isISOControl),
            "name",
            "must be one line that is not blank")
        .text("name", name, LONGEST_NAME)
        .text("query", query, LONGEST_QUERY);
  }
}
