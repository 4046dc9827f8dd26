package dev.tidewatch.conformance;

/**
 * What an engine answered.
 *
 * @param code of the diagnostic that rejected the rule; may be empty
 * @param message for people; may be empty
 */
public record Answer(String id, Outcome outcome, String code, String message) {}
