/**
 * Flink's NFA behind {@link dev.tidewatch.remember.Machine}: {@link
 * dev.tidewatch.jobs.cep.NfaEngine} is found by the patterns that need it, {@link
 * dev.tidewatch.jobs.cep.FlinkPattern} writes a plan as Flink's pattern, {@link
 * dev.tidewatch.jobs.cep.NfaMachine} runs it with the state of one group at a time ({@link
 * dev.tidewatch.jobs.cep.NfaGroupState}). The NFA and its shared buffer are internals of Flink;
 * nothing outside this package knows them.
 */
@NullMarked
package dev.tidewatch.jobs.cep;

import org.jspecify.annotations.NullMarked;
