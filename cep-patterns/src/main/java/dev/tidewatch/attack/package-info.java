/** Names of MITRE ATT&CK: tactics, techniques, and the tags by which Sigma rules refer to them. */
@NullMarked
package dev.tidewatch.attack;

import org.jspecify.annotations.NullMarked;
