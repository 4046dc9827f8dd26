/**
 * What the machine is, has and does. {@link
 * dev.tidewatch.agent.collect.inventory.InventoryCollector} tells the system and its load at long
 * intervals ({@link dev.tidewatch.agent.collect.inventory.MachineFacts}), and lists of items:
 * listening ports, packages, accounts, sessions ({@link
 * dev.tidewatch.agent.collect.inventory.ItemSource}). A list is told whole at first and then now
 * and again; between, only what was added, changed or removed. Databases of packages are read as
 * files: nothing is executed.
 */
@org.jspecify.annotations.NullMarked
package dev.tidewatch.agent.collect.inventory;
