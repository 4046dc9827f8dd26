/**
 * The {@code tidewatch} command. {@link dev.tidewatch.cli.Tidewatch} is the entry; one class per
 * command. {@link dev.tidewatch.cli.LocalStack} is all of Tidewatch on one machine, as {@code up}
 * and {@code demo} run it.
 */
@NullMarked
package dev.tidewatch.cli;

import org.jspecify.annotations.NullMarked;
