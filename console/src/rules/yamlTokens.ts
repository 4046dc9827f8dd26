/** One line of Sigma YAML in coloured pieces. For reading only: it colours, it does not parse. */
export interface Piece {
  text: string;
  kind: "key" | "modifier" | "string" | "comment" | "plain";
}

const KEY = /^(\s*(?:- )?)([^\s:#'"|][^:#|]*)((?:\|[a-z0-9_]+)*)(:)(?=\s|$)/i;

export function yamlPieces(line: string): Piece[] {
  const [code, comment] = splitComment(line);
  const key = KEY.exec(code);
  const pieces: Piece[] = [];
  if (key) {
    const [whole, indent = "", name = "", modifiers = ""] = key;
    pieces.push({ text: indent, kind: "plain" }, { text: name, kind: "key" });
    if (modifiers) pieces.push({ text: modifiers, kind: "modifier" });
    pieces.push({ text: ":", kind: "plain" }, { text: code.slice(whole.length), kind: "string" });
  } else {
    const [, indent = "", rest = ""] = /^(\s*(?:- )?)(.*)$/s.exec(code) ?? [];
    pieces.push({ text: indent, kind: "plain" }, { text: rest, kind: "string" });
  }
  if (comment) pieces.push({ text: comment, kind: "comment" });
  return pieces.filter((piece) => piece.text !== "");
}

/** YAML begins a comment at a # that stands at the start or behind a space, outside quotes. */
function splitComment(line: string): [code: string, comment: string] {
  let quote = "";
  for (let i = 0; i < line.length; i++) {
    const c = line.charAt(i);
    if (quote) {
      if (c === quote) quote = "";
    } else if ((c === "'" || c === '"') && /(^|[\s:[,-])$/.test(line.slice(0, i))) {
      quote = c;
    } else if (c === "#" && (i === 0 || /\s/.test(line.charAt(i - 1)))) {
      return [line.slice(0, i), line.slice(i)];
    }
  }
  return [line, ""];
}
