package dev.tidewatch.match.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.LogSource;
import dev.tidewatch.events.MalformedEventException;
import dev.tidewatch.events.v1.SourceHint;
import dev.tidewatch.match.CaseFolding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads payloads both ways and holds the fields against each other. */
final class FieldReading {
  private final FieldCatalog catalog;
  private final EventFields<Seen> fields;
  int unusual;
  int malformed;
  int read;

  /** What a route was made of: must be right for every event that takes it. */
  private record Seen(List<LogSource> sources, List<String> constants) {}

  FieldReading(Set<String> names, Set<String> constants) {
    catalog = new FieldCatalog(names);
    fields =
        new EventFields<>(
            catalog,
            new Routes<>() {
              @Override
              public Seen route(EventDocument event) {
                return seen(event, constants);
              }

              @Override
              public Set<String> constantFields() {
                return constants;
              }
            });
    this.constants = constants;
  }

  private final Set<String> constants;

  private static Seen seen(EventDocument event, Set<String> constants) {
    return new Seen(
        event.logSources(),
        constants.stream()
            .sorted()
            .map(name -> event.field(name).stream().map(FieldReading::expected).toList().toString())
            .toList());
  }

  void check(byte[] payload) {
    EventDocument document = null;
    try {
      document = EventDocument.parse(payload);
    } catch (MalformedEventException e) {
      malformed++;
    }
    Seen route;
    try {
      route = fields.read(payload, 0, payload.length, SourceHint.getDefaultInstance());
    } catch (Unusual e) {
      unusual++;
      return;
    }
    assertThat(document).as("the reference refuses %s", show(payload)).isNotNull();
    read++;
    try {
      compare(payload, document, route);
    } catch (Unusual e) {
      unusual++;
    }
  }

  private void compare(byte[] payload, EventDocument document, Seen route) {
    if (!route.equals(seen(document, constants))) {
      assertThat(route).as(show(payload)).isEqualTo(seen(document, constants));
    }
    for (int field = 0; field < catalog.ruleFields(); field++) {
      List<String> expected = new ArrayList<>();
      for (JsonNode value : document.field(catalog.name(field))) {
        expected.add(expected(value));
      }
      List<String> actual = new ArrayList<>();
      for (int slot = fields.first(field); slot >= 0; slot = fields.next(slot)) {
        actual.add(actual(slot));
      }
      if (!actual.equals(expected)) {
        assertThat(actual).as("%s of %s", catalog.name(field), show(payload)).isEqualTo(expected);
      }
    }
  }

  private static String show(byte[] payload) {
    return new String(payload, StandardCharsets.UTF_8);
  }

  private static String expected(JsonNode value) {
    if (value.isNull()) {
      return "null";
    }
    if (!value.isValueNode()) {
      return "container";
    }
    String text = value.asText();
    return value.getNodeType() + " " + text + " " + CaseFolding.fold(text);
  }

  private String actual(int slot) {
    if (fields.isNull(slot)) {
      return "null";
    }
    // Folded first for some, plain first for others: both orders must give the same.
    boolean foldedFirst = slot % 2 == 0 && fields.folded(slot);
    String text = fields.string(slot);
    if (text == null) {
      return "container";
    }
    fields.folded(slot);
    String folded = Text.decode(fields.buffer(), fields.textAt(), fields.textLength());
    assertThat(foldedFirst || slot % 2 == 1).isTrue();
    JsonNode node = fields.node(slot);
    assertThat(node.asText()).isEqualTo(text);
    return node.getNodeType() + " " + text + " " + folded;
  }
}
