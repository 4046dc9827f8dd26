package dev.tidewatch.match.index;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * How rare pairs of bytes are in what events say, judged by a few typical lines: to look for the
 * part of a literal that is seldom there without the rest.
 */
final class Rarity {
  private static final String TYPICAL =
      """
      c:\\windows\\system32\\svchost.exe -k netsvcs -p -s schedule c:\\program files (x86)\\microsoft
      \\edge\\application\\msedge.exe --type=renderer c:\\windows\\system32\\windowspowershell\\v1.0
      \\powershell.exe -noprofile -command c:\\users\\user\\appdata\\local\\temp\\ c:\\programdata\\
      microsoft\\windows defender\\ hklm\\system\\currentcontrolset\\services\\ hku\\s-1-5-21-
      hklm\\software\\microsoft\\windows\\currentversion\\explorer nt authority\\system c:\\windows
      \\syswow64\\ c:\\windows\\explorer.exe c:\\windows\\system32\\conhost.exe 0xffffffff -forcev1
      c:\\windows\\system32\\cmd.exe /c "c:\\program files\\" the of and to in is for that was not
      c:\\windows\\system32\\ntdll.dll c:\\windows\\system32\\kernelbase.dll microsoft corporation
      https://www.microsoft.com http:// .com.net /usr/bin/ /usr/lib/ /etc/ /var/log/ /proc/ /tmp/
      amazonaws.com arn:aws:iam:: us-east-1 describe list get put create delete user error none true
      access account administrator security process information service network logon key object
      name domain type token privilege read data value parameters context script block message
      """
          .toLowerCase(Locale.ROOT);

  private static final double[] PAIRS = pairs();

  private Rarity() {}

  private static double[] pairs() {
    double[] counts = new double[1 << 16];
    byte[] text = TYPICAL.getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i + 1 < text.length; i++) {
      counts[pair(text, i)]++;
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i] = Math.log(counts[i] + 0.5);
    }
    return counts;
  }

  private static int pair(byte[] text, int at) {
    return (text[at] & 0xff) << 8 | text[at + 1] & 0xff;
  }

  /** Greater the more common {@code length} bytes are. */
  static double commonness(byte[] text, int at, int length) {
    double sum = 0;
    for (int i = at; i + 1 < at + length; i++) {
      sum += PAIRS[pair(text, i)];
    }
    return sum;
  }
}
