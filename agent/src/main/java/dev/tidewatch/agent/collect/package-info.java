/**
 * What the agent sees. A {@link dev.tidewatch.agent.collect.Collector} watches one thing and emits
 * events in Sigma's terms; {@link dev.tidewatch.agent.collect.Watchdog} runs each in a thread of
 * its own, restarts those that fail with a growing pause, and knows how each is doing. Between a
 * collector and the batch stands its {@link dev.tidewatch.agent.collect.Emitter}: rate limit, size
 * limit, counts.
 */
@org.jspecify.annotations.NullMarked
package dev.tidewatch.agent.collect;
