/**
 * What compilers of rules have to say: {@link dev.tidewatch.diagnostic.Diagnostic} values with a
 * stable {@link dev.tidewatch.diagnostic.DiagnosticCode}, returned with the result, never thrown.
 * {@link dev.tidewatch.diagnostic.Diagnostics} collects them while a file is compiled; {@link
 * dev.tidewatch.diagnostic.DiagnosticText} prints them.
 */
@NullMarked
package dev.tidewatch.diagnostic;

import org.jspecify.annotations.NullMarked;
