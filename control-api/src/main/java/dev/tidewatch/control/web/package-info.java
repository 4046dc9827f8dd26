/** What is HTTP only: the console's assets, security headers, the host check, metrics. */
@NullMarked
package dev.tidewatch.control.web;

import org.jspecify.annotations.NullMarked;
