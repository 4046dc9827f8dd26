/**
 * What every endpoint does alike: requests are checked whole, answers and failures leave as gRPC
 * statuses or their JSON.
 */
@NullMarked
package dev.tidewatch.control.request;

import org.jspecify.annotations.NullMarked;
