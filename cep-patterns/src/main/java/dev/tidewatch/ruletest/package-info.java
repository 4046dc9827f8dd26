/**
 * Runs the test events that stand beside rule files: {@link dev.tidewatch.ruletest.RuleTestSuite}
 * finds the files and compiles the rules, {@link dev.tidewatch.match.RuleTestRunner} runs each
 * event, {@link dev.tidewatch.ruletest.RuleTestReport} holds what became of it, and {@link
 * dev.tidewatch.ruletest.JUnitXml} writes that down for build servers.
 */
@NullMarked
package dev.tidewatch.ruletest;

import org.jspecify.annotations.NullMarked;
