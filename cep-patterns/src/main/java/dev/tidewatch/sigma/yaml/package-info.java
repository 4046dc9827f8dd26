/**
 * YAML with places: {@link dev.tidewatch.sigma.yaml.YamlReader} turns text into {@link
 * dev.tidewatch.sigma.yaml.YamlNode}s whose every key and value knows its line and column. The only
 * package that knows SnakeYAML.
 */
@NullMarked
package dev.tidewatch.sigma.yaml;

import org.jspecify.annotations.NullMarked;
