const MOST = 100_000;
const LONGEST = 1000;

/** One value a line; blank lines and repeats are left out, spaces around a value too. */
export function entriesOf(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== ""))];
}

/** Why the control API would not take the lines. */
export function problemsOf(text: string): string[] {
  const problems: string[] = [];
  text.split(/\r?\n/).forEach((line, at) => {
    if (line.trim().length > LONGEST)
      problems.push(`Line ${at + 1} has more than ${LONGEST.toLocaleString("en-US")} characters.`);
    else if (line.includes("\0")) problems.push(`Line ${at + 1} holds a NUL character.`);
  });
  const count = entriesOf(text).length;
  if (count > MOST)
    problems.push(
      `A list takes ${MOST.toLocaleString("en-US")} values; these are ${count.toLocaleString("en-US")}.`,
    );
  return problems;
}
