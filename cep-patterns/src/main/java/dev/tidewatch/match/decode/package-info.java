/**
 * A payload's bytes straight into slots of the fields that rules read, without a tree, a map or a
 * String per value. {@link dev.tidewatch.match.decode.EventFields} is the entry: {@link
 * dev.tidewatch.match.decode.PayloadDecoder} walks the JSON and notes the values of those {@link
 * dev.tidewatch.match.decode.KeyNode}s that a field can be at, {@link
 * dev.tidewatch.match.decode.Recognizer} finds out which {@link dev.tidewatch.match.decode.Layout}
 * the event has, and the layout says which of the nodes is a field. What this cannot read exactly
 * as {@link dev.tidewatch.events.EventDocument} would ends in {@link
 * dev.tidewatch.match.decode.Unusual}, or is taken from the document field by field.
 */
@NullMarked
package dev.tidewatch.match.decode;

import org.jspecify.annotations.NullMarked;
