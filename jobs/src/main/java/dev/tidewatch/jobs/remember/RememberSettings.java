package dev.tidewatch.jobs.remember;

import dev.tidewatch.jobs.rules.RuleFeed;
import java.io.Serializable;
import java.time.Duration;

/**
 * What REMEMBER is told when the job is defined.
 *
 * @param feed where rules come from
 * @param maxRuleFailures groups that a rule may fail on before it is disabled
 * @param maxValueLength longer values are cut in alerts
 * @param idleAdvance not zero: while no event comes at all, event time goes on with the clock
 */
public record RememberSettings(
    RuleFeed feed, int maxRuleFailures, int maxValueLength, Duration idleAdvance)
    implements Serializable {}
