package dev.tidewatch.control.request;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.Status;
import dev.tidewatch.control.v1.AlertFilter;
import dev.tidewatch.control.v1.AlertGrouping;
import dev.tidewatch.control.v1.TriageState;
import dev.tidewatch.control.v1.Verdict;
import dev.tidewatch.events.v1.Level;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Checks a request's fields and collects everything that is wrong with them, so that one answer
 * names it all. Field names in the findings are those of the protobufs.
 */
public final class FieldChecks {
  /** Letters, digits, {@code . _ -}; starts with a letter or digit; at most 64. */
  private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private static final Pattern UUID_TEXT =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private static final Pattern TECHNIQUE = Pattern.compile("[Tt][0-9]{4}(\\.[0-9]{3})?");

  /** 2100-01-01: as far as the store can be asked. */
  private static final long LAST_MILLIS = 4_102_444_800_000L;

  private static final int MOST_WORDS = 10;
  private static final int LONGEST_TEXT = 1_000;
  private static final int LONGEST_NAME = 1_000;
  private static final int MOST_ASSIGNEES = 20;
  private static final int LONGEST_ASSIGNEE = 200;

  private final BadRequest.Builder findings = BadRequest.newBuilder();

  /** A finding about {@code field} unless {@code holds}. */
  public FieldChecks require(boolean holds, String field, String description) {
    if (!holds) {
      findings.addFieldViolationsBuilder().setField(field).setDescription(description);
    }
    return this;
  }

  /** A tenant id that a tenant can have. */
  public FieldChecks tenant(String tenantId) {
    return require(
        TENANT.matcher(tenantId).matches(),
        "tenant_id",
        "must be 1 to 64 letters, digits or . _ - and start with a letter or digit");
  }

  /** A count within {@code 1..most}; 0 asks for the default. */
  public FieldChecks count(String field, int value, int most) {
    return require(value >= 0 && value <= most, field, "must be between 1 and " + most);
  }

  /** Milliseconds since the epoch; 0 leaves an end open. */
  public FieldChecks timeRange(String prefix, long fromMs, long toMs) {
    require(inRange(fromMs), prefix + "from_ms", "must be milliseconds from 0 to " + LAST_MILLIS);
    require(inRange(toMs), prefix + "to_ms", "must be milliseconds from 0 to " + LAST_MILLIS);
    return require(toMs == 0 || fromMs < toMs, prefix + "to_ms", "must be later than from_ms");
  }

  /** A UUID in its usual text form. */
  public FieldChecks uuid(String field, String text) {
    return require(UUID_TEXT.matcher(text).matches(), field, "must be a UUID");
  }

  /** Text of at most {@code longest} characters without NUL. */
  public FieldChecks text(String field, String value, int longest) {
    require(value.length() <= longest, field, "must have at most " + longest + " characters");
    return require(value.indexOf('\0') < 0, field, "must not contain NUL");
  }

  /** A name such as a host's, a user's or a page token. */
  public FieldChecks name(String field, String value) {
    return text(field, value, LONGEST_NAME);
  }

  /** Words to search for. */
  public FieldChecks words(String field, String value) {
    text(field, value, LONGEST_TEXT);
    return require(split(value).size() <= MOST_WORDS, field, "must be at most 10 words");
  }

  /** The words of a text, without empty ones. */
  public static List<String> split(String text) {
    return Splitter.on(CharMatcher.whitespace()).omitEmptyStrings().splitToList(text);
  }

  /** Every member of an alert filter. */
  public FieldChecks filter(AlertFilter filter) {
    timeRange("filter.", filter.getFromMs(), filter.getToMs());
    levels(filter.getLevelsList());
    name("filter.rule_id", filter.getRuleId());
    name("filter.host", filter.getHost());
    name("filter.user", filter.getUser());
    String technique = filter.getTechniqueId();
    require(
        technique.isEmpty() || TECHNIQUE.matcher(technique).matches(),
        "filter.technique_id",
        "must be an ATT&CK technique such as T1059 or T1059.001");
    triage(filter);
    if (filter.hasInGroup()) {
      AlertGrouping by = filter.getInGroup().getBy();
      require(
          by != AlertGrouping.UNRECOGNIZED && by != AlertGrouping.ALERT_GROUPING_UNSPECIFIED,
          "filter.in_group.by",
          "must be ALERT_GROUPING_RULE to ALERT_GROUPING_TECHNIQUE");
      name("filter.in_group.id", filter.getInGroup().getId());
    }
    return words("filter.text", filter.getText());
  }

  private void triage(AlertFilter filter) {
    boolean states =
        filter.getStatesList().stream()
            .allMatch(
                state ->
                    state != TriageState.UNRECOGNIZED
                        && state != TriageState.TRIAGE_STATE_UNSPECIFIED);
    require(states, "filter.states", "must be TRIAGE_STATE_NEW to TRIAGE_STATE_CLOSED");
    boolean verdicts =
        filter.getVerdictsList().stream()
            .allMatch(
                verdict ->
                    verdict != Verdict.UNRECOGNIZED && verdict != Verdict.VERDICT_UNSPECIFIED);
    require(verdicts, "filter.verdicts", "must be VERDICT_OPEN to VERDICT_BENIGN");
    require(
        filter.getAssigneesCount() <= MOST_ASSIGNEES,
        "filter.assignees",
        "must be at most " + MOST_ASSIGNEES);
    for (int i = 0; i < Math.min(filter.getAssigneesCount(), MOST_ASSIGNEES); i++) {
      text("filter.assignees[" + i + "]", filter.getAssignees(i), LONGEST_ASSIGNEE);
    }
  }

  private void levels(List<Level> levels) {
    boolean known =
        levels.stream()
            .allMatch(level -> level != Level.UNRECOGNIZED && level != Level.LEVEL_UNSPECIFIED);
    require(known, "filter.levels", "must be LEVEL_INFORMATIONAL to LEVEL_CRITICAL");
  }

  private static boolean inRange(long millis) {
    return millis >= 0 && millis <= LAST_MILLIS;
  }

  /** Throws INVALID_ARGUMENT with all findings, if there are any. */
  public void done() {
    if (findings.getFieldViolationsCount() > 0) {
      throw invalid(findings.build());
    }
  }

  /** INVALID_ARGUMENT about one field. */
  public static StatusRuntimeException invalid(String field, String description) {
    BadRequest.Builder finding = BadRequest.newBuilder();
    finding.addFieldViolationsBuilder().setField(field).setDescription(description);
    return invalid(finding.build());
  }

  /** A UUID that {@link #uuid} has passed. */
  public static UUID uuid(String text) {
    return UUID.fromString(text.toLowerCase(Locale.ROOT));
  }

  private static StatusRuntimeException invalid(BadRequest findings) {
    BadRequest.FieldViolation first = findings.getFieldViolations(0);
    int more = findings.getFieldViolationsCount() - 1;
    String message =
        first.getField()
            + " "
            + first.getDescription()
            + (more == 0 ? "" : " (and " + more + " more)");
    return StatusProto.toStatusRuntimeException(
        Status.newBuilder()
            .setCode(Code.INVALID_ARGUMENT_VALUE)
            .setMessage(message)
            .addDetails(Any.pack(findings))
            .build());
  }
}
