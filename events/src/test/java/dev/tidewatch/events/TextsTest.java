package dev.tidewatch.events;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parts of texts and typed texts. */
class TextsTest {

  @ParameterizedTest
  @CsvSource({
    "BASENAME, C:\\a\\b.exe, b.exe",
    "BASENAME, /usr/bin/id, id",
    "BASENAME, id, id",
    "BASENAME, C:\\a\\, a",
    "BASENAME, /, ''",
    "USER, CORP\\kim, kim",
    "USER, kim@example.org, kim",
    "USER, kim, kim",
    "DOMAIN, CORP\\kim, CORP",
    "DOMAIN, kim@example.org, example.org",
    "DOMAIN, kim, ''",
    "TAIL, arn:aws:iam::1:user/kim, kim",
    "TAIL, arn:aws:iam::1:root, root",
    "PROTO, 6, tcp",
    "PROTO, UDP, udp",
    "FAILED, AccessDenied, Failure",
    "HOSTNAME, example.org, example.org",
    "HOSTNAME, 10.0.0.1, ''",
    "UPPER, get, GET",
    "SHA256, MD5=00, ''",
    "SHA256, abc, ''",
  })
  void takesParts(TextPart part, String text, String expected) {
    assertThat(part.of(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "7, 7",
    "-7, -7",
    "0x1f, 31",
    "0X1F, 31",
    "80.0, 80",
    "007, 007",
    "'', ''",
    "-, ''",
    "x, ''",
    "0x, ''",
    "0xfffffffffffffff, 1152921504606846975",
    "0xffffffffffffffff, ''",
    "1e5, ''",
    "123456789012345678, 123456789012345678",
    "1234567890123456789, ''",
    "1 2, ''"
  })
  void readsIntegers(String text, String expected) {
    assertThat(OcsfText.integer(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, 10.0.0.1",
    "255.255.255.255, 255.255.255.255",
    "::1, ::1",
    "::, ::",
    "fe80::1%eth0, fe80::1",
    "[2001:db8::1], 2001:db8::1",
    "::ffff:10.0.0.1, 10.0.0.1",
    "::FFFF:10.0.0.1, 10.0.0.1",
    "64:ff9b::10.0.0.1, 64:ff9b::10.0.0.1",
    "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
    "1::8, 1::8"
  })
  void readsAddresses(String text, String expected) {
    assertThat(IpText.address(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "01.2.3.4",
        "1..2.3",
        "1.2.3.",
        ".1.2.3",
        ":",
        ":::",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1::2::3",
        "12345::",
        "g::1",
        "1:2:3:4:5:6:7:",
        ":1:2:3:4:5:6:7",
        "ec2.amazonaws.com",
        "10.0.0.1:80",
        "1:2:3:4:5:6:7:1.2.3.4",
        "1.2.3.4::"
      })
  void refusesWhatIsNoAddress(String text) {
    assertThat(IpText.address(text)).isEmpty();
  }
}
