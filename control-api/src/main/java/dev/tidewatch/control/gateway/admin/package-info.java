/**
 * Administration of a gateway: tokens, API keys, agents, commands. In the same process through
 * {@link dev.tidewatch.control.gateway.admin.GatewayAdministration}; from outside as JSON on the
 * loopback port, with the key that the gateway leaves in its directory.
 */
@NullMarked
package dev.tidewatch.control.gateway.admin;

import org.jspecify.annotations.NullMarked;
