/** What compilers of rules have to say: values, returned with the result, never thrown. */
@NullMarked
package dev.tidewatch.diagnostic;

import org.jspecify.annotations.NullMarked;
