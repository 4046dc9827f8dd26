/**
 * What a rule would do before it is deployed: {@link dev.tidewatch.control.workbench.Workbench}
 * compiles texts beside the running rule set, puts events to them with the engine that runs in the
 * stream, and explains; {@link dev.tidewatch.control.workbench.WorkbenchEndpoint} is the service.
 * Nothing is kept.
 */
@NullMarked
package dev.tidewatch.control.workbench;

import org.jspecify.annotations.NullMarked;
