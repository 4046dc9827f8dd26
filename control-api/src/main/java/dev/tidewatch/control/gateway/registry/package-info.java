/**
 * A gateway that works with the control database: its tenants, enrolment tokens, agents, quotas,
 * API keys, commands and configurations are those of the control API, and so are what it reports.
 *
 * <p>{@link dev.tidewatch.control.gateway.registry.ControlRegistry} puts it together. {@code
 * ControlFeed} looks at the database twice a second and keeps what it saw, so that streams are held
 * against it without a query, and go on while the database is away. Enrolment, renewal, results of
 * commands and unknown keys ask the database itself.
 *
 * <pre>
 *   control API ─► PostgreSQL ─► ControlFeed ─► RegisteredAgents, RegisteredCommands, TenantQuotas
 *   streams ─► AgentReportWriter, UsageWriter ─► PostgreSQL ─► control API
 * </pre>
 */
@NullMarked
package dev.tidewatch.control.gateway.registry;

import org.jspecify.annotations.NullMarked;
