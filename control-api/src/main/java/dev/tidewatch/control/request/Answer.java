package dev.tidewatch.control.request;

import io.grpc.stub.StreamObserver;
import java.util.concurrent.Callable;

/** Answers a unary call with what a query returns, or with the status of its failure. */
public final class Answer {
  private Answer() {}

  /** Runs {@code query} on the calling thread, which may block. */
  @SuppressWarnings("CatchAndPrintStackTrace")
  public static <T> void with(StreamObserver<T> observer, Callable<T> query) {
    T answer;
    try {
      answer = query.call();
    } catch (Exception failure) {
      observer.onError(Failures.statusOf(failure));
      return;
    }
    observer.onNext(answer);
    observer.onCompleted();
  }
}
