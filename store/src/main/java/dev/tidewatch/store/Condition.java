package dev.tidewatch.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The WHERE of a query: terms of fixed text, and their values as parameters. */
final class Condition {
  private final List<String> terms = new ArrayList<>();
  private final QueryParameters parameters = new QueryParameters();
  private boolean indexed;

  private Condition() {}

  /** Every query begins here: no rows of another tenant. */
  static Condition ofTenant(String tenantId) {
    Condition condition = new Condition().and("tenant_id = {tenant:String}");
    condition.parameters.string("tenant", QueryLimits.tenant(tenantId));
    return condition;
  }

  /**
   * @param term constant text; values go into {@link #parameters()}
   */
  Condition and(String term) {
    terms.add(term);
    return this;
  }

  /**
   * As {@link #and}, for words of the index over words.
   *
   * @param name of the parameter
   * @param words that a row must have, all of them
   */
  Condition words(String name, Collection<String> words) {
    indexed = true;
    parameters.words(name, words);
    return and("hasAllTokens(search_words, {" + name + ":Array(String)})");
  }

  /** Whether the index over words can say which rows to read. */
  boolean indexed() {
    return indexed;
  }

  Condition between(String column, long fromMillis, long toMillis) {
    QueryLimits.range(fromMillis, toMillis);
    if (fromMillis > 0) {
      and(column + " >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')");
      parameters.number("from", fromMillis * 1000);
    }
    if (toMillis > 0) {
      and(column + " < fromUnixTimestamp64Micro({to:Int64}, 'UTC')");
      parameters.number("to", toMillis * 1000);
    }
    return this;
  }

  /** Rows behind {@code last} in a list of newest first. */
  Condition before(PageToken last, String id) {
    return behind(last, id, "<");
  }

  /** Rows behind {@code last} in a list of oldest first. */
  Condition after(PageToken last, String id) {
    return behind(last, id, ">");
  }

  /** The time alone is asked for too, because only that finds its place in an index. */
  private Condition behind(PageToken last, String id, String order) {
    String time = "fromUnixTimestamp64Micro({page_time:Int64}, 'UTC')";
    and("time " + order + "= " + time);
    and("(time " + order + " " + time + " OR " + id + " " + order + " {page_id:UUID})");
    parameters.number("page_time", last.timeMicros()).uuid("page_id", last.id());
    return this;
  }

  QueryParameters parameters() {
    return parameters;
  }

  String sql() {
    return String.join(" AND ", terms);
  }
}
