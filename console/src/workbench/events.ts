/** The events in a text: JSON objects one after the other, or one array of them, over any lines. */
export function splitEvents(text: string): string[] {
  const trimmed = text.trim();
  if (trimmed === "") return [];
  if (trimmed.startsWith("[")) {
    try {
      const all: unknown = JSON.parse(trimmed);
      if (Array.isArray(all)) return all.map((each) => JSON.stringify(each));
    } catch {
      // Not an array after all: the server says what is wrong with each.
    }
  }
  return objects(trimmed);
}

function objects(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const c = text[at];
    if (quoted) {
      if (c === "\\") at++;
      else if (c === '"') quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === "{" || c === "[") depth++;
    else if (c === "}" || c === "]") {
      depth--;
      if (depth === 0) {
        found.push(text.slice(start, at + 1).trim());
        start = at + 1;
      }
    }
  }
  const rest = text.slice(start).trim();
  if (rest !== "" && rest !== ",") found.push(rest);
  return found.map((each) => each.replace(/^,\s*/, ""));
}
