package dev.tidewatch.sigma.parse;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The modifiers of Sigma 2.1.0. */
enum Modifier {
  CONTAINS(Role.TEXT_OPERATOR),
  STARTSWITH(Role.TEXT_OPERATOR),
  ENDSWITH(Role.TEXT_OPERATOR),
  ALL(Role.LIST),
  EXISTS(Role.OPERATOR),
  CASED(Role.LIST),
  NEQ(Role.LIST),
  WINDASH(Role.TRANSFORMATION),
  RE(Role.OPERATOR),
  I(Role.REGEX_FLAG),
  M(Role.REGEX_FLAG),
  S(Role.REGEX_FLAG),
  BASE64(Role.ENCODING),
  BASE64OFFSET(Role.ENCODING),
  UTF16LE(Role.ENCODING),
  UTF16BE(Role.ENCODING),
  UTF16(Role.ENCODING),
  WIDE(Role.ENCODING),
  LT(Role.COMPARISON),
  LTE(Role.COMPARISON),
  GT(Role.COMPARISON),
  GTE(Role.COMPARISON),
  MINUTE(Role.TIME),
  HOUR(Role.TIME),
  DAY(Role.TIME),
  WEEK(Role.TIME),
  MONTH(Role.TIME),
  YEAR(Role.TIME),
  CIDR(Role.OPERATOR),
  EXPAND(Role.TRANSFORMATION),
  FIELDREF(Role.REFERENCE);

  /** What a modifier does to a value; decides which may stand together. */
  enum Role {
    TEXT_OPERATOR,
    OPERATOR,
    COMPARISON,
    TIME,
    REFERENCE,
    REGEX_FLAG,
    TRANSFORMATION,
    ENCODING,
    LIST
  }

  /** Spellings of other tools and languages, and what to write here. */
  private static final Map<String, String> FOREIGN =
      Map.ofEntries(
          Map.entry("not", "write |neq, or `not` before the selection in the condition"),
          Map.entry("in", "leave it out: a list of values is already OR"),
          Map.entry("equals", "leave it out: without a modifier a field is compared for equality"),
          Map.entry("eq", "leave it out: without a modifier a field is compared for equality"),
          Map.entry("regex", "write |re"),
          Map.entry("ip", "write |cidr"),
          Map.entry("like", "leave it out and write * and ? in the value"),
          Map.entry("icontains", "write |contains: comparison already ignores case"),
          Map.entry("any", "leave it out: a list of values is already OR"),
          Map.entry("or", "leave it out: a list of values is already OR"),
          Map.entry("and", "write |all"));

  private static final List<String> NAMES =
      Arrays.stream(values()).map(Modifier::sigmaName).toList();

  private final Role role;

  Modifier(Role role) {
    this.role = role;
  }

  Role role() {
    return role;
  }

  String sigmaName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static List<String> names() {
    return NAMES;
  }

  static Optional<Modifier> named(String name) {
    int index = NAMES.indexOf(name);
    return index < 0 ? Optional.empty() : Optional.of(values()[index]);
  }

  /** What to write for another tool's spelling; empty if it is not a known one. */
  static String remedyForForeign(String name) {
    return FOREIGN.getOrDefault(name.toLowerCase(Locale.ROOT), "");
  }
}
