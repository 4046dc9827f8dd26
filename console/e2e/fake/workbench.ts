/** Answers of WorkbenchService, in the shapes of the real one, for a rule with one selection. */
const RULE = {
  ruleId: "6f1f0d57-0c43-4b0e-9a3e-1c6c0e6f7b01",
  title: "Encoded PowerShell",
  kind: "detection",
  level: "LEVEL_HIGH",
  logSource: { product: "windows", category: "process_creation" },
  file: "new-rule.yml",
};

export function vocabulary() {
  return {
    fields: [
      { field: "CommandLine", rules: 900 },
      { field: "Image", rules: 700 },
    ],
    modifiers: ["contains", "endswith", "startswith", "windash", "re"],
    logSources: [{ product: "windows", category: "process_creation" }],
  };
}

/** A modifier that Sigma does not know is found wherever the text has it. */
export function validated(text: string) {
  const line = text.split("\n").findIndex((each) => each.includes("|containz"));
  if (line < 0) return { rules: [compiled(text)] };
  return {
    diagnostics: [
      {
        code: "TW-E1203",
        severity: "error",
        file: "new-rule.yml",
        line: line + 1,
        column: (text.split("\n")[line] ?? "").indexOf("containz") + 1,
        message: "'containz' is no modifier",
        remedy: "did you mean contains?",
      },
    ],
  };
}

/** What a text says of itself, as far as it says it. */
function compiled(text: string) {
  const ruleId = /^id:\s*(\S+)/m.exec(text)?.[1] ?? RULE.ruleId;
  const title = /^title:\s*(.+)/m.exec(text)?.[1] ?? RULE.title;
  return { ...RULE, ruleId, title };
}

export function tested(text: string, events: readonly string[]) {
  return { ...validated(text), events: events.map(testedEvent), episodes: [EPISODE] };
}

const EPISODE = {
  ruleId: RULE.ruleId,
  title: "Many encoded commands",
  kind: "event_count",
  level: "LEVEL_MEDIUM",
  group: [{ field: "User", value: "ann" }],
  count: "3",
  openUs: "1767225600000000",
  events: [0],
};

function testedEvent(event: string) {
  if (!event.endsWith("}")) return { error: "TW-E4003: the payload ends in the middle of an object" };
  const fired = event.includes("-enc ");
  const value = /"CommandLine":\s*"([^"]*)"/.exec(event)?.[1];
  return {
    timeUs: "1767225600000000",
    logSources: [RULE.logSource],
    verdicts: [
      {
        ruleId: RULE.ruleId,
        title: RULE.title,
        fired,
        explanation: {
          verdict: fired ? "fires" : "condition-false",
          fired,
          reasons: fired ? [] : ["selection fails: CommandLine contains -enc"],
          log_source: { covers: true, differences: [] },
          condition: {
            text: "selection",
            holds: fired,
            tree: { kind: "selection", holds: fired, name: "selection" },
          },
          selections: [
            {
              name: "selection",
              role: "selection",
              holds: fired,
              search: {
                kind: "test",
                holds: fired,
                field: "CommandLine",
                operator: "contains",
                pattern: " -enc ",
                values: value === undefined ? [] : [value],
                why: fired ? "matched" : value === undefined ? "field-absent" : "value-differs",
                note: "",
              },
            },
          ],
        },
      },
    ],
  };
}
