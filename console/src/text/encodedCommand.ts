/**
 * PowerShell's -EncodedCommand takes Base64 over UTF-16LE. Decoded here to be read, never run.
 */
export interface DecodedCommand {
  /** Where the Base64 stands in the command line. */
  start: number;
  end: number;
  text: string;
}

/** Any prefix of -EncodedCommand of at least one letter, with every dash PowerShell accepts. */
const PARAMETER = /(?:^|[\s"'])[-/\u2013\u2014\u2015](e[a-z]*)[\s:]+["']?([A-Za-z0-9+/]{8,}={0,2})/gi;
const MOST_BASE64 = 256 * 1024;

export function decodeEncodedCommand(commandLine: string): DecodedCommand | null {
  for (const match of commandLine.slice(0, MOST_BASE64).matchAll(PARAMETER)) {
    const [whole, parameter = "", base64 = ""] = match;
    const name = parameter.toLowerCase();
    if (!"encodedcommand".startsWith(name) && name !== "ec") continue;
    const text = decodeUtf16(base64);
    if (text === null) continue;
    const start = match.index + whole.length - base64.length;
    return { start, end: start + base64.length, text };
  }
  return null;
}

function decodeUtf16(base64: string): string | null {
  const bytes = bytesOf(base64);
  if (bytes === null || bytes.length < 4) return null;
  // A cut command line may end in half a character.
  const even = bytes.length % 2 === 0 ? bytes : bytes.slice(0, -1);
  const text = new TextDecoder("utf-16le").decode(even);
  return readable(text) ? text : null;
}

function bytesOf(base64: string): Uint8Array | null {
  const unpadded = base64.replace(/=+$/, "");
  const whole = unpadded.length % 4 === 1 ? unpadded.slice(0, -1) : unpadded;
  try {
    return Uint8Array.from(atob(whole), (c) => c.charCodeAt(0));
  } catch {
    return null;
  }
}

/** Random bytes read as UTF-16 are mostly CJK and unassigned; commands are mostly ASCII. */
function readable(text: string): boolean {
  let ascii = 0;
  for (const c of text) {
    const code = c.codePointAt(0) ?? 0;
    if ((code >= 0x20 && code < 0x7f) || code === 9 || code === 10 || code === 13) ascii++;
  }
  return ascii >= text.length * 0.7;
}
