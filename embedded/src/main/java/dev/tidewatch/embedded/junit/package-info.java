/**
 * JUnit 5 extensions around the embedded servers. Register one as a {@code static
 * RegisterExtension} field: the server starts before the class's tests with a data directory of its
 * own, stops after them, and its directory is deleted.
 */
@NullMarked
package dev.tidewatch.embedded.junit;

import org.jspecify.annotations.NullMarked;
