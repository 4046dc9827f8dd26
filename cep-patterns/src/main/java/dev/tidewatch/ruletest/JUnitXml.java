package dev.tidewatch.ruletest;

import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.diagnostic.DiagnosticText;
import dev.tidewatch.match.RuleTestRunner.Outcome;
import dev.tidewatch.ruletest.RuleTestReport.FileResult;
import dev.tidewatch.ruletest.RuleTestReport.StreamOutcome;
import java.io.Writer;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * A report as build servers read it: a test suite a rule file, a test case an event or stream,
 * problems as errors. Characters that XML cannot hold become U+FFFD.
 */
public final class JUnitXml {
  private final XMLStreamWriter xml;

  private JUnitXml(XMLStreamWriter xml) {
    this.xml = xml;
  }

  public static void write(RuleTestReport report, Writer out) throws XMLStreamException {
    XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out);
    new JUnitXml(xml).write(report);
    xml.close();
  }

  private void write(RuleTestReport report) throws XMLStreamException {
    xml.writeStartDocument("UTF-8", "1.0");
    xml.writeCharacters("\n");
    xml.writeStartElement("testsuites");
    attribute("name", "Sigma rules");
    attribute("tests", String.valueOf(report.tests()));
    attribute("failures", String.valueOf(report.tests() - report.passed()));
    for (FileResult file : report.files()) {
      if (file.hasTests() || !file.problems().isEmpty()) {
        suite(file);
      }
    }
    xml.writeCharacters("\n");
    xml.writeEndElement();
    xml.writeEndDocument();
  }

  private void suite(FileResult file) throws XMLStreamException {
    xml.writeCharacters("\n  ");
    xml.writeStartElement("testsuite");
    attribute("name", file.file());
    attribute("tests", String.valueOf(file.tests() + file.problems().size()));
    attribute("failures", String.valueOf(file.tests() - file.passed()));
    attribute("errors", String.valueOf(file.problems().size()));
    for (Diagnostic problem : file.problems()) {
      testCase(file, problem.where() + " " + problem.code());
      fault("error", problem.message(), DiagnosticText.render(problem));
      xml.writeEndElement();
    }
    for (Outcome outcome : file.outcomes()) {
      String expected = outcome.test().shouldMatch() ? "matches: " : "does not match: ";
      testCase(file, expected + outcome.test().name());
      if (!outcome.passed()) {
        String place = file.testsFile() + ":" + outcome.test().place().line();
        fault("failure", outcome.failure(), place + "\n" + outcome.test().payload());
      }
      xml.writeEndElement();
    }
    for (StreamOutcome outcome : file.streams()) {
      testCase(file, "stream: " + outcome.test().name());
      if (!outcome.passed()) {
        String place = file.testsFile() + ":" + outcome.test().place().line();
        fault("failure", outcome.failure(), place);
      }
      xml.writeEndElement();
    }
    xml.writeCharacters("\n  ");
    xml.writeEndElement();
  }

  private void testCase(FileResult file, String name) throws XMLStreamException {
    xml.writeCharacters("\n    ");
    xml.writeStartElement("testcase");
    attribute("classname", file.file());
    attribute("name", name);
  }

  private void fault(String element, String message, String text) throws XMLStreamException {
    xml.writeStartElement(element);
    attribute("message", message);
    xml.writeCharacters(clean(text));
    xml.writeEndElement();
  }

  private void attribute(String name, String value) throws XMLStreamException {
    xml.writeAttribute(name, clean(value));
  }

  private static String clean(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints().forEach(c -> out.appendCodePoint(isXml(c) ? c : 0xFFFD));
    return out.toString();
  }

  private static boolean isXml(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || c >= 0x20 && c <= 0xD7FF
        || c >= 0xE000 && c <= 0xFFFD
        || c >= 0x10000;
  }
}
