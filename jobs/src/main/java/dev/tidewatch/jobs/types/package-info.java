/** How Flink sees the types that travel between operators: each with a serializer of its own. */
@NullMarked
package dev.tidewatch.jobs.types;

import org.jspecify.annotations.NullMarked;
