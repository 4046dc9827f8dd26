/** Alerts: lists, details, summaries and the live feed, one shared tail of the store per tenant. */
@NullMarked
package dev.tidewatch.control.alert;

import org.jspecify.annotations.NullMarked;
