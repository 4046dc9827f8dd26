/** Changes of rules that keep or narrow what they mean, one per class, from ir to ir. */
@NullMarked
package dev.tidewatch.sigma.rewrite;

import org.jspecify.annotations.NullMarked;
