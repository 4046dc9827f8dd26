package dev.tidewatch.explain;

import java.util.Locale;

/** Why a predicate holds or does not. */
public enum Why {
  MATCHED("matched"),
  VALUE_DIFFERS("the value differs"),
  CASE_DIFFERS("only upper and lower case differ, and this test minds them"),
  TEXT_ELSEWHERE("the text stands elsewhere in the value"),
  FIELD_ABSENT("the event has no such field"),
  FIELD_IS_NULL("the field is null"),
  NO_PLAIN_VALUE("the field has no plain value: it is an object or an empty list"),
  NOT_A_NUMBER("the value is no number"),
  NOT_AN_ADDRESS("the value is no IP address"),
  NOT_A_DATE("the value is no date that tells this"),
  OTHER_FIELD_ABSENT("the field it is compared with is absent or null"),
  FIELD_PRESENT("the field is present"),
  HAS_VALUE("the field has a value"),
  NOT_FOUND("no value of the event holds it, nor does the raw line");

  private final String sentence;

  Why(String sentence) {
    this.sentence = sentence;
  }

  /** For people, a part of a sentence. */
  public String sentence() {
    return sentence;
  }

  /** Stable name for programs: {@code value-differs}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
