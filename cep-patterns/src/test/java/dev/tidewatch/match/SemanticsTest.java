package dev.tidewatch.match;

import static dev.tidewatch.match.Sigma.codes;
import static dev.tidewatch.match.Sigma.compile;
import static dev.tidewatch.match.Sigma.fires;
import static dev.tidewatch.match.Sigma.holds;
import static dev.tidewatch.match.Sigma.lists;
import static dev.tidewatch.match.Sigma.matcher;
import static dev.tidewatch.match.Sigma.onlyFinding;
import static dev.tidewatch.match.Sigma.raw;
import static dev.tidewatch.match.Sigma.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.diagnostic.Diagnostic;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One test per row of the Sigma semantics that we hold to (rows 1 to 19 and 31). */
class SemanticsTest {

  @Test
  void row01_nullIsMissingOrJsonNull_emptyTextIsPresent() {
    assertThat(holds("F: null", "")).isTrue();
    assertThat(holds("F: null", "\"F\":null")).isTrue();
    assertThat(holds("F: null", "\"F\":\"\"")).isFalse();
    assertThat(holds("F: null", "\"F\":0")).isFalse();
    assertThat(holds("F:", "")).isTrue();
    assertThat(holds("F: ''", "\"F\":\"\"")).isTrue();
    assertThat(holds("F: ''", "\"F\":null")).isFalse();
    assertThat(holds("F: ''", "")).isFalse();
    assertThat(holds("F: ''", "\"F\":\" \"")).isFalse();
    assertThat(holds("F: [null, '']", "\"F\":\"\"")).isTrue();
  }

  @Test
  void row02_existsLooksAtPresenceOnly() {
    assertThat(holds("F|exists: true", "\"F\":null")).isTrue();
    assertThat(holds("F|exists: true", "\"F\":\"\"")).isTrue();
    assertThat(holds("F|exists: true", "\"F\":[]")).isTrue();
    assertThat(holds("F|exists: true", "\"F\":{\"a\":1}")).isTrue();
    assertThat(holds("F|exists: true", "")).isFalse();
    assertThat(holds("F|exists: false", "")).isTrue();
    assertThat(holds("F|exists: false", "\"F\":null")).isFalse();
  }

  @Test
  void row03_neqIsExactlyNot() {
    assertThat(holds("F|neq: a", "\"F\":\"b\"")).isTrue();
    assertThat(holds("F|neq: a", "\"F\":\"A\"")).isFalse();
    assertThat(holds("F|neq: a", "")).isTrue();
    assertThat(holds("F|neq: [a, b]", "\"F\":\"c\"")).isTrue();
    assertThat(holds("F|neq: [a, b]", "\"F\":\"b\"")).isFalse();
    assertThat(holds("F|neq: [a, b]", "")).isTrue();
    assertThat(holds("F|neq: 4", "\"F\":4")).isFalse();
    assertThat(holds("F|contains|neq: a", "\"F\":\"bab\"")).isFalse();
    assertThat(holds("F|neq: null", "\"F\":1")).isTrue();
    assertThat(holds("F|neq: null", "")).isFalse();
  }

  @Test
  void row04_whatIsUnknownIsAnErrorWithItsPlace() {
    assertPlace(onlyFinding("s:\n    F: a\ncondition: 1 of x*"), "TW-E1303", 10, 21);
    assertPlace(onlyFinding("s:\n    F: a\ncondition: s and t"), "TW-E1302", 10, 22);
    assertPlace(onlyFinding("s:\n    F|contians: a\ncondition: s"), "TW-E1203", 9, 11);
    assertPlace(onlyFinding("s:\n    F|gt: many\ncondition: s"), "TW-E1205", 9, 15);
    assertPlace(onlyFinding("s:\n    F|contains: null\ncondition: s"), "TW-E1205", 9, 21);
    assertPlace(onlyFinding("s:\n    F|exists: maybe\ncondition: s"), "TW-E1205", 9, 19);
  }

  private static void assertPlace(Diagnostic found, String code, int line, int column) {
    assertThat(found.code()).isEqualTo(code);
    assertThat(found.line()).isEqualTo(line);
    assertThat(found.column()).isEqualTo(column);
    assertThat(found.remedy()).isNotNull();
  }

  @Test
  void row05_numbersBooleansAndText() {
    assertThat(holds("F: 1", "\"F\":\"1\"")).isTrue();
    assertThat(holds("F: '1'", "\"F\":1")).isTrue();
    assertThat(holds("F: 1", "\"F\":1.0")).isTrue();
    assertThat(holds("F: 1", "\"F\":\"01\"")).isFalse();
    assertThat(holds("F: true", "\"F\":\"True\"")).isTrue();
    assertThat(holds("F: 'TRUE'", "\"F\":true")).isTrue();
    assertThat(holds("F: true", "\"F\":1")).isFalse();
    assertThat(holds("F: '0x3e7'", "\"F\":\"0x3E7\"")).isTrue();
    assertThat(holds("F: 0x3e7", "\"F\":\"0x3e7\"")).isTrue();
    assertThat(holds("F: '0x3e7'", "\"F\":999")).isFalse();
    assertThat(holds("F|gte: 999", "\"F\":\"0x3e7\"")).isTrue();
    assertThat(holds("F|lt: 0x3e7", "\"F\":998")).isTrue();
    assertThat(holds("F|lte: 1.5", "\"F\":\"1.50\"")).isTrue();
    assertThat(holds("F|gt: -1", "\"F\":\"-0\"")).isTrue();
    assertThat(holds("F|gt: 9007199254740992", "\"F\":9007199254740993")).isTrue();
    assertThat(holds("F|lt: 5", "\"F\":\"few\"")).isFalse();
    assertThat(holds("F|gte: 5", "\"F\":\"few\"")).isFalse();
    assertThat(holds("F|gte: 5", "")).isFalse();
    assertThat(holds("F|gt: 5", "\"F\":\"1e999\"")).isTrue();
  }

  @Test
  void row06_caseFoldsOnBothSides_casedAndReDoNot() {
    assertThat(holds("F: 'STRASSE Äß'", "\"F\":\"strasse äß\"")).isTrue();
    assertThat(holds("F: 'ss'", "\"F\":\"ß\"")).isFalse();
    assertThat(holds("F: 'Σίσυφος'", "\"F\":\"ΣΊΣΥΦΟΣ\"")).isTrue();
    assertThat(holds("F: 'K'", "\"F\":\"\u212a\"")).isTrue();
    assertThat(holds("F: 'i'", "\"F\":\"\u0130\"")).isFalse();
    assertThat(holds("F|contains: '\ud801\udc00'", "\"F\":\"x\ud801\udc28y\"")).isTrue();
    assertThat(holds("F|cased: Abc", "\"F\":\"abc\"")).isFalse();
    assertThat(holds("F|contains|cased: Abc", "\"F\":\"xAbcx\"")).isTrue();
    assertThat(holds("F|re: Abc", "\"F\":\"abc\"")).isFalse();
    assertThat(holds("F|base64: foo", "\"F\":\"Zm9v\"")).isTrue();
    assertThat(holds("F|base64: foo", "\"F\":\"zm9v\"")).isFalse();
  }

  @Test
  void row07_wildcardsAndEscapes() {
    assertThat(holds("F: 'a*z'", "\"F\":\"A\\nlong\\nway to Z\"")).isTrue();
    assertThat(holds("F: 'a*z'", "\"F\":\"az\"")).isTrue();
    assertThat(holds("F: 'a?z'", "\"F\":\"a\ud83d\ude00z\"")).isTrue();
    assertThat(holds("F: 'a?z'", "\"F\":\"az\"")).isFalse();
    assertThat(holds("F: 'a\\*z'", "\"F\":\"a*z\"")).isTrue();
    assertThat(holds("F: 'a\\*z'", "\"F\":\"abz\"")).isFalse();
    assertThat(holds("F: 'a\\?z'", "\"F\":\"a?z\"")).isTrue();
    assertThat(holds("F: 'C:\\\\*'", "\"F\":\"C:\\\\Windows\"")).isTrue();
    assertThat(holds("F: 'C:\\Windows'", "\"F\":\"C:\\\\Windows\"")).isTrue();
    assertThat(holds("F: 'C:\\\\Windows'", "\"F\":\"C:\\\\Windows\"")).isTrue();
    assertThat(holds("F: 'a\\\\\\*'", "\"F\":\"a\\\\*\"")).isTrue();
    assertThat(holds("F|endswith: '\\*.exe'", "\"F\":\"x*.exe\"")).isTrue();
    assertThat(holds("F|endswith: 'a*.exe'", "\"F\":\"c:/abc.exe\"")).isTrue();
    assertThat(holds("F|startswith: 'a?c'", "\"F\":\"abcdef\"")).isTrue();
    assertThat(holds("F|contains: 'b*e'", "\"F\":\"abcdef\"")).isTrue();
    assertThat(holds("F|contains: 'e*b'", "\"F\":\"abcdef\"")).isFalse();
    assertThat(holds("F: '*'", "\"F\":\"\"")).isTrue();
    assertThat(holds("F: '*'", "")).isFalse();
  }

  @Test
  void row08_keywordsAreFoundInValuesAndTheRawLine_neverInKeys() {
    String list = "k: [mimikatz, 4711]\ncondition: k";
    assertThat(fires(matcher(list), "\"a\":{\"b\":[\"x\",\"run MimiKatz now\"]}")).isTrue();
    assertThat(fires(matcher(list), "\"a\":14711")).isTrue();
    assertThat(fires(matcher(list), "\"a\":\"other\"")).isFalse();
    String key = "k: [onlyakey]\ncondition: k";
    assertThat(raw("{\"Channel\":\"Security\",\"EventID\":1,\"onlyakey\":1}").scalars())
        .doesNotContain("onlyakey");
    assertThat(fires(matcher(key), "\"a\":\"onlyakey\"")).isTrue();
    String all = "k:\n    '|all': [alpha, beta]\ncondition: k";
    assertThat(fires(matcher(all), "\"a\":\"alpha\",\"b\":\"beta\"")).isTrue();
    assertThat(fires(matcher(all), "\"a\":\"alpha\"")).isFalse();
    String wild = "k: ['a*z']\ncondition: k";
    assertThat(fires(matcher(wild), "\"v\":\"xx a to z xx\"")).isTrue();
    String path = "k: ['C:\\Temp']\ncondition: k";
    assertThat(fires(matcher(path), "\"v\":\"in C:\\\\Temp\\\\x\"")).isTrue();
  }

  @Test
  void row09_windashReplacesDashesThatStartAnArgument() {
    for (String dash : List.of("-", "/", "\u2013", "\u2014", "\u2015")) {
      String event = "\"F\":\"cmd.exe " + dash + "C dir x-ray\"";
      assertThat(holds("F|windash|contains: ' -c dir'", event)).isTrue();
      assertThat(holds("F|contains|windash: ' /c dir x-ray'", event)).isTrue();
    }
    assertThat(holds("F|windash|contains: 'x-ray'", "\"F\":\"x/ray\"")).isFalse();
    assertThat(holds("F|windash|contains: 'a - b'", "\"F\":\"a / b\"")).isFalse();
    assertThat(holds("F|windash|contains|all: ['-a -b', '-c']", "\"F\":\"/a -b \u2013c\""))
        .isTrue();
  }

  @Test
  void row10_base64offsetFindsTheValueAtEveryOffset() {
    String selection = "F|base64offset|contains: 'http://'";
    for (int offset = 0; offset < 7; offset++) {
      for (int rest = 0; rest < 4; rest++) {
        String text = "x".repeat(offset) + "http://" + "y".repeat(rest);
        String encoded = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        assertThat(holds(selection, "\"F\":\"" + encoded + "\"")).as(text).isTrue();
      }
    }
    assertThat(holds(selection, "\"F\":\"aHR0cDov\"")).isFalse();
    String wide = Base64.getEncoder().encodeToString("  IEX (".getBytes(StandardCharsets.UTF_16LE));
    assertThat(holds("F|wide|base64offset|contains: 'IEX'", "\"F\":\"" + wide + "\"")).isTrue();
    assertThat(holds("F|utf16le|base64offset|contains: 'IEX'", "\"F\":\"" + wide + "\"")).isTrue();
    String first = Base64.getEncoder().encodeToString("IEX (".getBytes(StandardCharsets.UTF_16LE));
    assertThat(holds("F|utf16be|base64offset|contains: 'IEX'", "\"F\":\"" + first + "\""))
        .isFalse();
    String big = Base64.getEncoder().encodeToString("IEX (".getBytes(StandardCharsets.UTF_16BE));
    assertThat(holds("F|utf16be|base64offset|contains: 'IEX'", "\"F\":\"" + big + "\"")).isTrue();
    byte[] marked = "\ufeffcmd".getBytes(StandardCharsets.UTF_16LE);
    String utf16 = Base64.getEncoder().encodeToString(marked);
    assertThat(holds("F|utf16|base64: cmd", "\"F\":\"" + utf16 + "\"")).isTrue();
  }

  @Test
  void row11_arraysHoldIfOneElementDoes_notNegatesTheWhole() {
    assertThat(holds("F: b", "\"F\":[\"a\",\"B\"]")).isTrue();
    assertThat(holds("F|contains|all: [a, b]", "\"F\":[\"xa\",\"xb\"]")).isTrue();
    assertThat(holds("F|neq: b", "\"F\":[\"a\",\"b\"]")).isFalse();
    assertThat(holds("a.b: 2", "\"a\":[{\"b\":1},{\"b\":2}]")).isTrue();
    assertThat(holds("a.b: 3", "\"a\":[{\"b\":1},{\"b\":2}]")).isFalse();
    String not = "s:\n    F: b\ncondition: not s";
    assertThat(fires(matcher(not), "\"F\":[\"a\",\"b\"]")).isFalse();
    assertThat(fires(matcher(not), "\"F\":[\"a\",\"c\"]")).isTrue();
  }

  @Test
  void row12_literalKeysWinOverPaths_spacesAreForgiven() {
    assertThat(holds("a.b: literal", "\"a.b\":\"literal\",\"a\":{\"b\":\"path\"}")).isTrue();
    assertThat(holds("a.b: path", "\"a.b\":\"literal\",\"a\":{\"b\":\"path\"}")).isFalse();
    assertThat(holds("a.b: path", "\"a\":{\"b\":\"path\"}")).isTrue();
    assertThat(holds("MyField: x", "\"My Field\":\"x\"")).isTrue();
    assertThat(holds("myfield: x", "\"MyField\":\"x\"")).isFalse();
  }

  @Test
  void row13_fieldrefComparesTwoFieldsOfTheEvent() {
    assertThat(holds("F|fieldref: G", "\"F\":\"Abc\",\"G\":\"aBC\"")).isTrue();
    assertThat(holds("F|fieldref|cased: G", "\"F\":\"Abc\",\"G\":\"abc\"")).isFalse();
    assertThat(holds("F|fieldref: G", "\"F\":\"abc\"")).isFalse();
    assertThat(holds("F|fieldref: G", "")).isFalse();
    assertThat(holds("F|fieldref: G", "\"F\":null,\"G\":null")).isFalse();
    assertThat(holds("F|fieldref|startswith: G", "\"F\":\"abcd\",\"G\":\"AB\"")).isTrue();
    assertThat(holds("F|fieldref|endswith: G", "\"F\":\"abcd\",\"G\":\"CD\"")).isTrue();
    assertThat(holds("F|fieldref|contains: G", "\"F\":\"abcd\",\"G\":\"bc\"")).isTrue();
    assertThat(holds("F|fieldref|neq: G", "\"F\":\"a\",\"G\":\"b\"")).isTrue();
    assertThat(holds("F|fieldref|neq: G", "\"F\":\"a\",\"G\":\"A\"")).isFalse();
    assertThat(holds("F|fieldref|neq: G", "\"F\":\"a\"")).isFalse();
    assertThat(holds("F|fieldref: G", "\"F\":1,\"G\":\"1\"")).isTrue();
  }

  @Test
  void row14_expandTakesValueLists_undefinedRejectsTheRule() {
    String detection = "s:\n    F|expand: '%Admins%'\ncondition: s";
    var options = lists(Map.of("Admins", List.of("root", "adm*")));
    assertThat(fires(matcher(options, detection), "\"F\":\"ADMIN\"")).isTrue();
    assertThat(fires(matcher(options, detection), "\"F\":\"user\"")).isFalse();
    assertThat(codes(detection)).containsExactly("TW-E1209");
    assertThat(holds("F: '%Admins%'", "\"F\":\"%admins%\"")).isTrue();
    String mixed = "s:\n    F|contains|expand: 'x\\%-%Admins%'\ncondition: s";
    assertThat(fires(matcher(options, mixed), "\"F\":\"ax%-root\"")).isTrue();
  }

  @Test
  void row15_cidrTakesBothFamilies_mappedAddressesAreIpv4() {
    assertThat(holds("F|cidr: 10.0.0.0/8", "\"F\":\"10.255.0.1\"")).isTrue();
    assertThat(holds("F|cidr: 10.0.0.0/8", "\"F\":\"11.0.0.1\"")).isFalse();
    assertThat(holds("F|cidr: 10.0.0.0/8", "\"F\":\"::ffff:10.1.2.3\"")).isTrue();
    assertThat(holds("F|cidr: '::ffff:10.0.0.0/104'", "\"F\":\"10.1.2.3\"")).isTrue();
    assertThat(holds("F|cidr: 'fe80::/10'", "\"F\":\"FE80::1%eth0\"")).isTrue();
    assertThat(holds("F|cidr: '2001:db8::/32'", "\"F\":\"2001:db9::1\"")).isFalse();
    assertThat(holds("F|cidr: 192.168.1.1", "\"F\":\"192.168.1.1\"")).isTrue();
    assertThat(holds("F|cidr: '::1/128'", "\"F\":\"::1\"")).isTrue();
    assertThat(holds("F|cidr: 0.0.0.0/0", "\"F\":\"::1\"")).isFalse();
    for (String none : List.of("host", "10.0.0", "10.0.0.1.2", "10.0.0.256", "10.0.0.1:80", "")) {
      assertThat(holds("F|cidr: 0.0.0.0/0", "\"F\":\"" + none + "\"")).as(none).isFalse();
    }
    assertThat(codes("s:\n    F|cidr: 10.0.0.0/33\ncondition: s")).containsExactly("TW-E1208");
  }

  @Test
  void row16_regexIsLinearUnanchoredAndHasFlags() {
    assertThat(holds("F|re: 'b.d'", "\"F\":\"abcde\"")).isTrue();
    assertThat(holds("F|re: '^b'", "\"F\":\"a\\nb\"")).isFalse();
    assertThat(holds("F|re|m: '^b'", "\"F\":\"a\\nb\"")).isTrue();
    assertThat(holds("F|re: 'a.b'", "\"F\":\"a\\nb\"")).isFalse();
    assertThat(holds("F|re|s: 'a.b'", "\"F\":\"a\\nb\"")).isTrue();
    assertThat(holds("F|re|i: 'ABC'", "\"F\":\"xabcx\"")).isTrue();
    assertThat(holds("F|re: '^(a+)+$'", "\"F\":\"" + "a".repeat(5000) + "!\"")).isFalse();
    for (String regex : List.of("(?=a)", "(?!a)b", "(?<=a)b", "(?<!a)b", "(a)\\1")) {
      assertThat(codes("s:\n    F|re: '" + regex + "'\ncondition: s"))
          .as(regex)
          .containsExactly("TW-E1207");
    }
    assertThat(codes("s:\n    F|re: '(a'\ncondition: s")).containsExactly("TW-E1206");
  }

  @Test
  void row17_everyNamedAttributeOfTheLogSourceMustEqualTheEvents() {
    String sysmon =
        "{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":1,\"Image\":\"a\"}";
    String security = "{\"Channel\":\"Security\",\"EventID\":4688,\"NewProcessName\":\"a\"}";
    assertThat(sees("product: windows", sysmon)).isTrue();
    assertThat(sees("product: linux", sysmon)).isFalse();
    assertThat(sees("category: process_creation", sysmon)).isTrue();
    assertThat(sees("product: Windows\n    category: Process_Creation", security)).isTrue();
    assertThat(sees("product: windows\n    service: security", security)).isTrue();
    assertThat(sees("product: windows\n    service: security", sysmon)).isFalse();
    assertThat(sees("product: windows\n    category: file_event", sysmon)).isFalse();
  }

  private static boolean sees(String logSource, String event) {
    String rule =
        "title: t\nlogsource:\n    "
            + logSource
            + "\ndetection:\n    s:\n        Nothing: null\n    condition: s\n";
    return !new ExhaustiveMatcher(compile(rule).rules()).match(raw(event)).isEmpty();
  }

  @Test
  void row18_aListOfConditionsIsOr_noConditionIsAnError() {
    ExhaustiveMatcher either = matcher("a:\n    F: 1\nb:\n    G: 1\ncondition: [a, b]");
    assertThat(fires(either, "\"F\":1")).isTrue();
    assertThat(fires(either, "\"G\":1")).isTrue();
    assertThat(fires(either, "\"H\":1")).isFalse();
    assertThat(codes("a:\n    F: 1")).containsExactly("TW-E1201");
    assertThat(codes("a:\n    F: 1\ncondition: []")).containsExactly("TW-E1201");
    assertThat(codes("a:\n    F: 1\ncondition:")).containsExactly("TW-E1201");
  }

  @Test
  void row19_aggregationIsRejectedWithTheCorrelationToWrite() {
    Diagnostic count =
        onlyFinding("s:\n    F: 1\ntimeframe: 10m\ncondition: s | count(dst) by src > 10");
    assertThat(count.code()).isEqualTo("TW-E1304");
    assertThat(count.remedy())
        .contains("type: value_count")
        .contains("group-by: [src]")
        .contains("timespan: 10m")
        .contains("condition: {gt: 10, field: dst}");
    Diagnostic near = onlyFinding("s:\n    F: 1\ncondition: s | near s");
    assertThat(near.remedy()).contains("type: temporal");
  }

  @Test
  void row31_filtersNarrowTheRulesTheyName() {
    String rule = rule("s:\n    F: 1\ncondition: s");
    String other = rule.replace("11111111", "21111111").replace("A test", "Another");
    String filter =
        """
        title: Not for administrators
        logsource:
            product: windows
        filter:
            rules:
                - 11111111-2222-4333-8444-555555555555
            s:
                User|startswith: adm_
            condition: not s
        """;
    ExhaustiveMatcher named = new ExhaustiveMatcher(compile(rule, other, filter).rules());
    assertThat(Sigma.matches(named, "\"F\":1,\"User\":\"bob\"")).hasSize(2);
    assertThat(Sigma.matches(named, "\"F\":1,\"User\":\"ADM_bob\"")).hasSize(1);
    String all = filter.replaceAll("(?s)    rules:.*?5555\n", "");
    ExhaustiveMatcher every = new ExhaustiveMatcher(compile(rule, other, all).rules());
    assertThat(fires(every, "\"F\":1,\"User\":\"adm_bob\"")).isFalse();
    String linux = all.replace("windows", "linux");
    ExhaustiveMatcher none = new ExhaustiveMatcher(compile(rule, other, linux).rules());
    assertThat(Sigma.matches(none, "\"F\":1,\"User\":\"adm_bob\"")).hasSize(2);
  }
}
