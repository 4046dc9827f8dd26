package dev.tidewatch.sigma;

/**
 * Text of one rule file.
 *
 * @param file name for diagnostics and for the console; relative to the directory the user named
 */
public record RuleSource(String file, String text) {}
