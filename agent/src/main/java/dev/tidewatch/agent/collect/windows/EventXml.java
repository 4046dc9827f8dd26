package dev.tidewatch.agent.collect.windows;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import dev.tidewatch.agent.collect.Payload;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * An event's XML as the JSON that evtx_dump makes of it: {@code Event.System} with {@code
 * #attributes} and {@code #text}, named data as members of {@code Event.EventData}, {@code
 * Event.UserData} as it is. The text is whatever a program has logged: no document type, no
 * entities but XML's own, bounded in depth, number and size.
 */
final class EventXml {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int MAX_DEPTH = 16;
  private static final int MAX_NODES = 4096;
  private static final int MAX_DIGITS = 15;

  /** Numbers elsewhere are; here text would do, but others have numbers too. */
  private static final Set<String> NUMBERS =
      Set.of("EventID", "Version", "Level", "Task", "Opcode", "EventRecordID");

  private final XMLInputFactory factory = XMLInputFactory.newDefaultFactory();

  EventXml() {
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, true);
    factory.setXMLResolver(
        (publicId, systemId, base, namespace) -> {
          throw new XMLStreamException("external entities are not read");
        });
  }

  private static final class Node {
    private final String name;
    private final Map<String, String> attributes = new LinkedHashMap<>();
    private final List<Node> children = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    Node(String name) {
      this.name = name;
    }

    boolean isEmpty() {
      return attributes.isEmpty() && children.isEmpty() && text.isEmpty();
    }
  }

  /**
   * @throws IOException when it is not well-formed, no event, or beyond the bounds
   */
  ByteString toJson(String xml) throws IOException {
    Node event;
    try {
      event = parse(xml);
    } catch (XMLStreamException e) {
      throw new IOException("an event is no XML that can be read: " + e.getMessage(), e);
    }
    if (!event.name.equals("Event")) {
      throw new IOException("<" + event.name + "> is no event");
    }
    ByteString.Output bytes = ByteString.newOutput(xml.length());
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeFieldName("Event");
      json.writeStartObject();
      attributes(event, json);
      for (Node part : event.children) {
        json.writeFieldName(text(part.name));
        if (part.name.equals("EventData")) {
          eventData(part, json);
        } else {
          node(part, part.name.equals("System"), json);
        }
      }
      json.writeEndObject();
      json.writeEndObject();
    }
    return bytes.toByteString();
  }

  private Node parse(String xml) throws XMLStreamException, IOException {
    XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(printable(xml)));
    Deque<Node> open = new ArrayDeque<>();
    Node root = null;
    int nodes = 0;
    while (reader.hasNext()) {
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          nodes += 1 + reader.getAttributeCount();
          if (nodes > MAX_NODES || open.size() >= MAX_DEPTH) {
            throw new IOException("an event has too many elements, or too deep ones");
          }
          Node node = new Node(reader.getLocalName());
          for (int i = 0; i < reader.getAttributeCount(); i++) {
            node.attributes.put(reader.getAttributeLocalName(i), reader.getAttributeValue(i));
          }
          if (open.isEmpty()) {
            root = node;
          } else {
            open.peek().children.add(node);
          }
          open.push(node);
        }
        case XMLStreamConstants.END_ELEMENT -> open.pop();
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
          if (!open.isEmpty()) {
            open.peek().text.append(reader.getText());
          }
        }
        case XMLStreamConstants.DTD -> throw new IOException("an event has no document type");
        default -> {}
      }
    }
    if (root == null) {
      throw new IOException("an event is empty");
    }
    return root;
  }

  /** Windows renders characters that XML forbids, as programs have logged them. */
  private static String printable(String xml) {
    for (int i = 0; i < xml.length(); i++) {
      if (isForbidden(xml.charAt(i))) {
        StringBuilder clean = new StringBuilder(Payload.wellFormed(xml));
        for (int j = 0; j < clean.length(); j++) {
          if (isForbidden(clean.charAt(j)) && !Character.isSurrogate(clean.charAt(j))) {
            clean.setCharAt(j, '\ufffd');
          }
        }
        return clean.toString();
      }
    }
    return xml;
  }

  private static boolean isForbidden(char c) {
    return (c < ' ' && c != '\n' && c != '\r' && c != '\t')
        || c == '\ufffe'
        || c == '\uffff'
        || Character.isSurrogate(c);
  }

  private static String text(String value) {
    return Payload.wellFormed(value);
  }

  private static void attributes(Node node, JsonGenerator json) throws IOException {
    if (!node.attributes.isEmpty()) {
      json.writeObjectFieldStart("#attributes");
      for (Map.Entry<String, String> attribute : node.attributes.entrySet()) {
        json.writeStringField(text(attribute.getKey()), text(attribute.getValue()));
      }
      json.writeEndObject();
    }
  }

  private static void node(Node node, boolean numbers, JsonGenerator json) throws IOException {
    if (node.isEmpty()) {
      json.writeNull();
    } else if (node.attributes.isEmpty() && node.children.isEmpty()) {
      value(node, numbers, json);
    } else {
      json.writeStartObject();
      attributes(node, json);
      if (node.children.isEmpty() && !node.text.isEmpty()) {
        json.writeFieldName("#text");
        value(node, numbers, json);
      }
      children(node, numbers, json);
      json.writeEndObject();
    }
  }

  /** Elements of one name become a list. */
  private static void children(Node node, boolean numbers, JsonGenerator json) throws IOException {
    Map<String, List<Node>> byName = new LinkedHashMap<>();
    for (Node child : node.children) {
      byName.computeIfAbsent(child.name, name -> new ArrayList<>()).add(child);
    }
    for (Map.Entry<String, List<Node>> named : byName.entrySet()) {
      json.writeFieldName(text(named.getKey()));
      if (named.getValue().size() == 1) {
        node(named.getValue().get(0), numbers, json);
      } else {
        json.writeStartArray();
        for (Node child : named.getValue()) {
          node(child, numbers, json);
        }
        json.writeEndArray();
      }
    }
  }

  private static void value(Node node, boolean numbers, JsonGenerator json) throws IOException {
    String value = node.text.toString();
    boolean isNumber =
        numbers
            && NUMBERS.contains(node.name)
            && value.length() <= MAX_DIGITS
            && !value.isEmpty()
            && value.chars().allMatch(c -> c >= '0' && c <= '9');
    if (isNumber) {
      json.writeNumber(Long.parseLong(value));
    } else {
      json.writeString(text(value));
    }
  }

  /** {@code <Data Name="Image">x</Data>} is {@code "Image": "x"}; the last of one name counts. */
  private static void eventData(Node data, JsonGenerator json) throws IOException {
    Map<String, String> named = new LinkedHashMap<>();
    List<String> unnamed = new ArrayList<>();
    for (Node child : data.children) {
      String name = child.attributes.getOrDefault("Name", "");
      if (child.name.equals("Data") && name.isEmpty()) {
        unnamed.add(child.text.toString());
      } else {
        named.put(child.name.equals("Data") ? name : child.name, child.text.toString());
      }
    }
    json.writeStartObject();
    for (Map.Entry<String, String> entry : named.entrySet()) {
      json.writeStringField(text(entry.getKey()), text(entry.getValue()));
    }
    if (!unnamed.isEmpty() && !named.containsKey("Data")) {
      json.writeFieldName("Data");
      json.writeStartObject();
      json.writeFieldName("#text");
      if (unnamed.size() == 1) {
        json.writeString(text(unnamed.get(0)));
      } else {
        json.writeStartArray();
        for (String value : unnamed) {
          json.writeString(text(value));
        }
        json.writeEndArray();
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }
}
