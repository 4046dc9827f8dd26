/**
 * The bundled scenario: {@link dev.tidewatch.cli.demo.DemoScenario} is an intrusion over five
 * minutes inside background noise, as events that the player sends at their time. Its data and
 * their format are in the resource folder of this package.
 */
@NullMarked
package dev.tidewatch.cli.demo;

import org.jspecify.annotations.NullMarked;
