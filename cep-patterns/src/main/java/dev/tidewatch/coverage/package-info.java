/** What a rule set covers of ATT&CK, for the tools that show it. */
@NullMarked
package dev.tidewatch.coverage;

import org.jspecify.annotations.NullMarked;
