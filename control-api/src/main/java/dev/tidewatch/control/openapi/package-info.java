/** The JSON side of the API, described as OpenAPI 3 from the protobufs' descriptors. */
@NullMarked
package dev.tidewatch.control.openapi;

import org.jspecify.annotations.NullMarked;
