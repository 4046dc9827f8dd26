/**
 * {@code TenantService}: tenants, and what is set for them: retention, quotas, enrolment tokens,
 * value lists.
 */
@NullMarked
package dev.tidewatch.control.tenant;

import org.jspecify.annotations.NullMarked;
