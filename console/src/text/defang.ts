import { segments } from "./hostile";

const URL_SCHEME = /\b(h)tt(ps?:\/\/)/gi;
const IPV4 = /\b(\d{1,3}\.\d{1,3}\.\d{1,3})\.(\d{1,3})\b/g;
const HOST_IN_URL = /(hxxps?:\/\/[^\s/'"):]+)\.([a-z]{2,})\b/gi;

/** Rewrites addresses so that nothing that pastes or renders the text makes a live link of them. */
export function defang(text: string): string {
  return text
    .replace(URL_SCHEME, "$1xx$2")
    .replace(IPV4, (whole, head: string, tail: string) =>
      isPublicIpv4(`${head}.${tail}`) ? `${head}[.]${tail}` : whole,
    )
    .replace(HOST_IN_URL, "$1[.]$2");
}

function isPublicIpv4(address: string): boolean {
  const octets = address.split(".").map(Number);
  if (octets.length !== 4 || octets.some((octet) => octet > 255)) return false;
  const [a = 0, b = 0] = octets;
  if (a === 0 || a === 10 || a === 127 || a >= 224) return false;
  if (a === 172 && b >= 16 && b <= 31) return false;
  if (a === 192 && b === 168) return false;
  return !(a === 169 && b === 254);
}

/** Text for a tip or a label, where no chip can stand: hidden characters by number. */
export function plain(text: string, limit = 512): string {
  const shown = segments(text.slice(0, limit))
    .map((segment) => (segment.kind === "text" ? segment.text : `⟨${segment.code}⟩`))
    .join("");
  return text.length > limit ? `${shown}…` : shown;
}
