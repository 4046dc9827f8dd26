/**
 * What a rule means, typed and closed: a {@link dev.tidewatch.sigma.ir.Detection} is named {@link
 * dev.tidewatch.sigma.ir.Search}es (boolean trees over {@link dev.tidewatch.sigma.ir.Predicate}s)
 * and a {@link dev.tidewatch.sigma.ir.Condition} over their names. No YAML below this line:
 * rewrites and matchers read these types only.
 */
@NullMarked
package dev.tidewatch.sigma.ir;

import org.jspecify.annotations.NullMarked;
