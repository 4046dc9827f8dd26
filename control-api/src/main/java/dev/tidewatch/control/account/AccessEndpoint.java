package dev.tidewatch.control.account;

import dev.tidewatch.control.access.Authentication;
import dev.tidewatch.control.access.Authenticator;
import dev.tidewatch.control.access.Passwords;
import dev.tidewatch.control.access.Principal;
import dev.tidewatch.control.change.Changes;
import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.request.Answer;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.request.Page;
import dev.tidewatch.control.request.PageKey;
import dev.tidewatch.control.v1.AccessServiceGrpc;
import dev.tidewatch.control.v1.ApiKey;
import dev.tidewatch.control.v1.Caller;
import dev.tidewatch.control.v1.ChangePasswordRequest;
import dev.tidewatch.control.v1.ChangePasswordResponse;
import dev.tidewatch.control.v1.CreateApiKeyRequest;
import dev.tidewatch.control.v1.CreateApiKeyResponse;
import dev.tidewatch.control.v1.CreateUserRequest;
import dev.tidewatch.control.v1.DeleteUserRequest;
import dev.tidewatch.control.v1.DeleteUserResponse;
import dev.tidewatch.control.v1.ListApiKeysRequest;
import dev.tidewatch.control.v1.ListApiKeysResponse;
import dev.tidewatch.control.v1.ListUsersRequest;
import dev.tidewatch.control.v1.ListUsersResponse;
import dev.tidewatch.control.v1.ResetPasswordRequest;
import dev.tidewatch.control.v1.ResetPasswordResponse;
import dev.tidewatch.control.v1.RevokeApiKeyRequest;
import dev.tidewatch.control.v1.UpdateUserRequest;
import dev.tidewatch.control.v1.User;
import dev.tidewatch.control.v1.WhoAmIRequest;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.util.List;
import java.util.function.Function;

/** {@code AccessService}. Methods run on blocking threads. */
public final class AccessEndpoint extends AccessServiceGrpc.AccessServiceImplBase {
  private final ControlDatabase database;
  private final Changes changes;
  private final Authenticator authenticator;
  private final Users users = new Users();
  private final ApiKeys keys;
  private final OwnPassword ownPassword;

  public AccessEndpoint(
      ControlDatabase database,
      Changes changes,
      Authenticator authenticator,
      OwnPassword ownPassword,
      Clock clock) {
    this.database = database;
    this.ownPassword = ownPassword;
    this.changes = changes;
    this.authenticator = authenticator;
    this.keys = new ApiKeys(clock);
  }

  @Override
  public void whoAmI(WhoAmIRequest request, StreamObserver<Caller> observer) {
    Answer.with(observer, () -> caller(Authentication.principal()));
  }

  private static Caller caller(Principal principal) {
    Caller.Builder caller =
        Caller.newBuilder().setActor(principal.actor()).setTenantId(principal.tenant());
    principal.roles().stream().sorted().forEach(caller::addRoles);
    principal.permissions().stream().sorted().forEach(caller::addPermissions);
    principal.expires().ifPresent(end -> caller.setExpiresMs(end.toEpochMilli()));
    return caller.build();
  }

  @Override
  public void changePassword(
      ChangePasswordRequest request, StreamObserver<ChangePasswordResponse> observer) {
    Answer.with(observer, () -> ownPassword.change(request));
  }

  @Override
  public void resetPassword(
      ResetPasswordRequest request, StreamObserver<ResetPasswordResponse> observer) {
    Answer.with(
        observer,
        () -> {
          new FieldChecks()
              .tenant(request.getTenantId())
              .uuid("user_id", request.getUserId())
              .done();
          String password = Passwords.generated();
          String hash = Passwords.hash(password);
          ResetPasswordResponse reset =
              changes.runSecretly(
                  AccessServiceGrpc.getResetPasswordMethod(),
                  request.getTenantId(),
                  request,
                  change -> users.reset(change, request, password, hash));
          authenticator.forget();
          return reset;
        });
  }

  @Override
  public void listUsers(ListUsersRequest request, StreamObserver<ListUsersResponse> observer) {
    Answer.with(observer, () -> listUsers(request));
  }

  private ListUsersResponse listUsers(ListUsersRequest request) {
    Page<User> page =
        page(
            request.getTenantId(),
            request.getPageSize(),
            PageKey.text(request.getPageToken()),
            users::page,
            User::getName);
    return ListUsersResponse.newBuilder()
        .addAllUsers(page.items())
        .setNextPageToken(page.next())
        .build();
  }

  private interface PageQuery<T> {
    List<T> find(TenantTransaction transaction, String after, int limit);
  }

  private <T> Page<T> page(
      String tenant, int size, String after, PageQuery<T> query, Function<T, String> key) {
    new FieldChecks().tenant(tenant).count("page_size", size, Page.LARGEST).done();
    return Page.of(
        size, limit -> database.inTenant(tenant, tx -> query.find(tx, after, limit)), key);
  }

  @Override
  public void createUser(CreateUserRequest request, StreamObserver<User> observer) {
    Answer.with(
        observer,
        () -> {
          Users.check(request);
          String hash = Users.passwordHash(request.getPassword());
          return changes.run(
              AccessServiceGrpc.getCreateUserMethod(),
              request.getTenantId(),
              request,
              change -> users.create(change, request, hash));
        });
  }

  @Override
  public void updateUser(UpdateUserRequest request, StreamObserver<User> observer) {
    Answer.with(
        observer,
        () -> {
          Users.check(request);
          User user =
              changes.run(
                  AccessServiceGrpc.getUpdateUserMethod(),
                  request.getTenantId(),
                  request,
                  change -> users.update(change, request));
          authenticator.forget();
          return user;
        });
  }

  @Override
  public void deleteUser(DeleteUserRequest request, StreamObserver<DeleteUserResponse> observer) {
    Answer.with(
        observer,
        () -> {
          new FieldChecks()
              .tenant(request.getTenantId())
              .uuid("user_id", request.getUserId())
              .done();
          DeleteUserResponse gone =
              changes.run(
                  AccessServiceGrpc.getDeleteUserMethod(),
                  request.getTenantId(),
                  request,
                  change -> users.delete(change, request));
          authenticator.forget();
          return gone;
        });
  }

  @Override
  public void listApiKeys(
      ListApiKeysRequest request, StreamObserver<ListApiKeysResponse> observer) {
    Answer.with(observer, () -> listKeys(request));
  }

  private ListApiKeysResponse listKeys(ListApiKeysRequest request) {
    Page<ApiKey> page =
        page(
            request.getTenantId(),
            request.getPageSize(),
            ApiKeys.place(request.getPageToken()),
            keys::page,
            ApiKey::getKeyId);
    return ListApiKeysResponse.newBuilder()
        .addAllApiKeys(page.items())
        .setNextPageToken(page.next())
        .build();
  }

  @Override
  public void createApiKey(
      CreateApiKeyRequest request, StreamObserver<CreateApiKeyResponse> observer) {
    Answer.with(
        observer,
        () -> {
          ApiKeys.check(request);
          return changes.runSecretly(
              AccessServiceGrpc.getCreateApiKeyMethod(),
              request.getTenantId(),
              request,
              change -> keys.create(change, request));
        });
  }

  @Override
  public void revokeApiKey(RevokeApiKeyRequest request, StreamObserver<ApiKey> observer) {
    Answer.with(
        observer,
        () -> {
          new FieldChecks().tenant(request.getTenantId()).uuid("key_id", request.getKeyId()).done();
          ApiKey key =
              changes.run(
                  AccessServiceGrpc.getRevokeApiKeyMethod(),
                  request.getTenantId(),
                  request,
                  change -> keys.revoke(change, request));
          authenticator.forget();
          return key;
        });
  }
}
