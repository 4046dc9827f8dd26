/**
 * The Windows event log. {@link dev.tidewatch.agent.collect.windows.WindowsEventCollector}
 * subscribes to channels through {@link dev.tidewatch.agent.collect.windows.EventLogApi}, turns the
 * XML of events into the JSON that other tools make of it ({@link
 * dev.tidewatch.agent.collect.windows.EventXml}), and keeps a bookmark for each channel. Only
 * {@link dev.tidewatch.agent.collect.windows.NativeEventLog} calls Windows; all else runs anywhere.
 */
@org.jspecify.annotations.NullMarked
package dev.tidewatch.agent.collect.windows;
