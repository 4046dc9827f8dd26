package dev.tidewatch.control.gateway.enrollment;

import com.linecorp.armeria.server.ServiceRequestContext;
import dev.tidewatch.control.database.DatabaseUnavailableException;
import dev.tidewatch.ingest.v1.EnrollRequest;
import dev.tidewatch.ingest.v1.Enrollment;
import dev.tidewatch.ingest.v1.EnrollmentServiceGrpc.EnrollmentServiceImplBase;
import dev.tidewatch.ingest.v1.RenewRequest;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code EnrollmentService}. */
public final class EnrollmentEndpoint extends EnrollmentServiceImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(EnrollmentEndpoint.class);
  private static final Status NO_TOKEN =
      Status.UNAUTHENTICATED.withDescription("the token is unknown, used or expired");

  private static final Status SUSPENDED =
      Status.UNAVAILABLE.withDescription("the tenant is suspended");

  private final Enrollments enrollments;
  private final MeterRegistry metrics;
  private final Attempts attempts;

  public EnrollmentEndpoint(Enrollments enrollments, MeterRegistry metrics, Clock clock) {
    this.enrollments = enrollments;
    this.metrics = metrics;
    this.attempts = new Attempts(clock);
  }

  @Override
  public void enroll(EnrollRequest request, StreamObserver<Enrollment> answer) {
    String peer = ServiceRequestContext.current().remoteAddress().getAddress().getHostAddress();
    if (!attempts.allowed(peer)) {
      refuse(answer, "throttled", Status.RESOURCE_EXHAUSTED.withDescription("too many attempts"));
      return;
    }
    respond(
        answer,
        "enrolled",
        () -> {
          Optional<Enrollment> enrollment = enrollments.enroll(request);
          if (enrollment.isEmpty()) {
            attempts.failed(peer);
            throw NO_TOKEN.asRuntimeException();
          }
          return enrollment.get();
        });
  }

  @Override
  public void renew(RenewRequest request, StreamObserver<Enrollment> answer) {
    Optional<AgentIdentity> identity = PeerCertificate.identity(ServiceRequestContext.current());
    if (identity.isEmpty()) {
      refuse(
          answer,
          "unauthenticated",
          Status.UNAUTHENTICATED.withDescription("renewing needs the client certificate"));
    } else {
      switch (enrollments.welcome(identity.get())) {
        case YES -> respond(answer, "renewed", () -> enrollments.renew(identity.get(), request));
        case LATER -> refuse(answer, "suspended", SUSPENDED);
        case NEVER ->
            refuse(
                answer, "revoked", Status.PERMISSION_DENIED.withDescription("revoked or unknown"));
      }
    }
  }

  private void respond(
      StreamObserver<Enrollment> answer, String outcome, Supplier<Enrollment> work) {
    Enrollment enrollment;
    try {
      enrollment = work.get();
    } catch (IllegalArgumentException e) {
      refuse(answer, "invalid", Status.INVALID_ARGUMENT.withDescription(e.getMessage()));
      return;
    } catch (io.grpc.StatusRuntimeException e) {
      refuse(answer, "refused", e.getStatus());
      return;
    } catch (UncheckedIOException | DatabaseUnavailableException e) {
      LOG.error("enrolment cannot be written down", e);
      refuse(answer, "failed", Status.UNAVAILABLE.withDescription("the gateway cannot write"));
      return;
    }
    count(outcome);
    answer.onNext(enrollment);
    answer.onCompleted();
  }

  private void refuse(StreamObserver<Enrollment> answer, String outcome, Status status) {
    count(outcome);
    answer.onError(status.asRuntimeException());
  }

  private void count(String outcome) {
    metrics.counter("tidewatch.gateway.enrollments", "outcome", outcome).increment();
  }
}
