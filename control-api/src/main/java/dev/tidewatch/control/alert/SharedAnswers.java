package dev.tidewatch.control.alert;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import com.google.protobuf.MessageLite;
import dev.tidewatch.control.v1.AlertFilter;
import dev.tidewatch.control.v1.AlertGrouping;
import dev.tidewatch.control.v1.GetAlertResponse;
import dev.tidewatch.control.v1.GroupAlertsResponse;
import dev.tidewatch.control.v1.ListAlertsResponse;
import dev.tidewatch.control.v1.SummarizeAlertsResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Lists, groups and summaries that many ask for at once: a shift looks at the same queue, and each
 * console asks again when something comes. What is asked no more than a few times a second is asked
 * of the store each time. Of what is asked more often the last answer is given, {@link
 * SharedAnswer#LONGEST a second old} at most; the states of rows are added behind this, so a row
 * stands as it stands now.
 */
public final class SharedAnswers implements AlertSource {
  private static final int MOST_QUESTIONS = 500;

  /**
   * @param count rows, buckets or groups
   * @param more grouping or page token
   */
  private record Question(
      String tenantId, AlertFilter filter, Class<?> answer, int count, String more) {}

  private final AlertSource alerts;
  private final LongSupplier nanos;
  private final Cache<Question, SharedAnswer<?>> answers =
      Caffeine.newBuilder()
          .maximumSize(MOST_QUESTIONS)
          .expireAfterAccess(Duration.ofSeconds(3))
          .scheduler(Scheduler.systemScheduler())
          .build();

  /**
   * @param nanos a clock such as {@link System#nanoTime}
   */
  public SharedAnswers(AlertSource alerts, LongSupplier nanos) {
    this.alerts = alerts;
    this.nanos = nanos;
  }

  private <T extends MessageLite> T answer(
      Class<T> kind,
      String tenantId,
      AlertFilter filter,
      int count,
      String more,
      Supplier<T> query) {
    Question question = new Question(tenantId, filter, kind, count, more);
    SharedAnswer<?> shared = answers.get(question, key -> new SharedAnswer<T>(nanos));
    return of(shared, query);
  }

  /** The question says of which kind the answer is. */
  @SuppressWarnings("unchecked")
  private static <T extends MessageLite> T of(SharedAnswer<?> shared, Supplier<T> query) {
    return ((SharedAnswer<T>) shared).get(query);
  }

  @Override
  public ListAlertsResponse list(
      String tenantId, AlertFilter filter, int pageSize, String pageToken) {
    return answer(
        ListAlertsResponse.class,
        tenantId,
        filter,
        pageSize,
        pageToken,
        () -> alerts.list(tenantId, filter, pageSize, pageToken));
  }

  @Override
  public SummarizeAlertsResponse summarize(String tenantId, AlertFilter filter, int buckets) {
    return answer(
        SummarizeAlertsResponse.class,
        tenantId,
        filter,
        buckets,
        "",
        () -> alerts.summarize(tenantId, filter, buckets));
  }

  @Override
  public GroupAlertsResponse group(String tenantId, AlertFilter filter, AlertGrouping by, int top) {
    return answer(
        GroupAlertsResponse.class,
        tenantId,
        filter,
        top,
        by.name(),
        () -> alerts.group(tenantId, filter, by, top));
  }

  @Override
  public Optional<GetAlertResponse> get(String tenantId, String alertId) {
    return alerts.get(tenantId, alertId);
  }

  @Override
  public Tail tail(String tenantId, String cursor) {
    return alerts.tail(tenantId, cursor);
  }
}
