/**
 * Regular expressions on bytes, in one pass without backtracking. {@link
 * dev.tidewatch.match.regex.RegexParser} reads RE2 syntax into a {@link
 * dev.tidewatch.match.regex.RegexNode}, {@link dev.tidewatch.match.regex.Program} makes an NFA of
 * it, and {@link dev.tidewatch.match.regex.LazyDfa} builds the states that texts lead to, within a
 * budget. Only for texts of ASCII: others, and expressions with what the parser does not know, are
 * RE2/J's. What an expression cannot match without is in {@link
 * dev.tidewatch.match.regex.RequiredText}.
 */
@NullMarked
package dev.tidewatch.match.regex;

import org.jspecify.annotations.NullMarked;
