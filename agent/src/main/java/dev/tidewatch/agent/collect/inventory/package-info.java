/** What the machine is and how it does, at long intervals, through OSHI. */
@org.jspecify.annotations.NullMarked
package dev.tidewatch.agent.collect.inventory;
