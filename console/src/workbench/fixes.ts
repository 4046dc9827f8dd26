import type { RuleDiagnostic } from "../api/wire";

/** What a diagnostic's remedy would put in the place of the word it points at; null: it takes a person. */
export function fixOf(diagnostic: Pick<RuleDiagnostic, "remedy">): string | null {
  const remedy = diagnostic.remedy.trim();
  const quoted = /^(?:did you mean|use) ['"“‘]([^'"”’\s]{1,80})['"”’]\??\.?$/i.exec(remedy);
  const bare = /^(?:did you mean|use) ([A-Za-z0-9_.-]{1,80}?)\??\.?$/i.exec(remedy);
  return quoted?.[1] ?? bare?.[1] ?? null;
}

/** Where the word ends that begins at `column` (from 1) of a line; quotes around it stay. */
export function wordAt(line: string, column: number): [from: number, to: number] {
  const from = Math.min(Math.max(0, column - 1), line.length);
  const quote = /['"]/.test(line.charAt(from)) ? 1 : 0;
  const length = /^[^\s|:,'"\]}]+/.exec(line.slice(from + quote))?.[0].length ?? 0;
  return [from + quote, from + quote + length];
}
