/**
 * Who calls, and what they may do.
 *
 * <p>{@link dev.tidewatch.control.access.Authentication} is the one place that looks at
 * credentials: it turns an API key, a JSON web token, a session's cookie or a client certificate
 * into a {@link dev.tidewatch.control.access.Principal} or a reason why not, and leaves it with the
 * request. {@link dev.tidewatch.control.access.Authorization} is the one place that decides: each
 * method names its permission in its protobuf, {@link dev.tidewatch.control.access.Roles} says
 * which roles have it, and a message's {@code tenant_id} must be the caller's own unless the caller
 * is an operator.
 */
@NullMarked
package dev.tidewatch.control.access;

import org.jspecify.annotations.NullMarked;
