/** {@code AccessService}: users with their roles, and API keys, of a tenant. */
@NullMarked
package dev.tidewatch.control.account;

import org.jspecify.annotations.NullMarked;
