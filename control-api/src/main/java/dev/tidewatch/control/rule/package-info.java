/** The compiled rule set, as it can be read. */
@NullMarked
package dev.tidewatch.control.rule;

import org.jspecify.annotations.NullMarked;
