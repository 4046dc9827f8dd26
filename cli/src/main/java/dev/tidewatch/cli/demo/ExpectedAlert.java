package dev.tidewatch.cli.demo;

/**
 * Alerts that the whole scenario must raise under the starter rules.
 *
 * @param ruleId the rule's id
 * @param title the rule's title, for humans
 * @param host {@link TimedEvent#host} of the events
 * @param count how many alerts, one per matching event
 */
public record ExpectedAlert(String ruleId, String title, String host, int count) {}
