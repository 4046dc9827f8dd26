/**
 * Rules that are deployed while the pipeline runs. {@link
 * dev.tidewatch.control.deploy.RunningRules} follows what is deployed and what the job's subtasks
 * report; {@link dev.tidewatch.control.deploy.RuleChanges} checks changes and writes them; {@link
 * dev.tidewatch.control.deploy.AuditedDeployments} records each; {@link
 * dev.tidewatch.control.deploy.RuleDeploymentEndpoint} is the service over both.
 */
@NullMarked
package dev.tidewatch.control.deploy;

import org.jspecify.annotations.NullMarked;
