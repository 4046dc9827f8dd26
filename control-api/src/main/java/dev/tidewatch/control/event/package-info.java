/** Stored events: neighbours of an alert and single events. */
@NullMarked
package dev.tidewatch.control.event;

import org.jspecify.annotations.NullMarked;
