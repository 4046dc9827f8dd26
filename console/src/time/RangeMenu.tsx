import { useId, useState } from "react";
import { useNow } from "../app/clock";
import { useSettings } from "../app/settings";
import { Icon } from "../parts/Icon";
import { Menu } from "../parts/Menu";
import { dayTime } from "./format";
import { parseRange, RANGE_CHOICES, type TimeRange } from "./range";

/** Chooses the part of time: from a list, or typed. */
export function RangeMenu({ range, onRange }: { range: TimeRange; onRange: (range: TimeRange) => void }) {
  const now = useNow();
  const { zone } = useSettings();
  const choice = range.to === "" ? RANGE_CHOICES.find(([from]) => from === range.from) : undefined;
  const from = Number(range.from);
  return (
    <Menu
      label="Time range"
      choices={RANGE_CHOICES.map(([value, label]) => ({ value, label }))}
      value={range.to === "" ? range.from : ""}
      onChoose={(value) => onRange({ from: value, to: "" })}
      extra={(close) => (
        <TypedRange
          onRange={(typed) => {
            onRange(typed);
            close();
          }}
        />
      )}
    >
      <Icon name="clock" />
      {choice
        ? choice[1]
        : Number.isFinite(from)
          ? `${dayTime(from, zone, now)} –`
          : range.from.replace("now-", "Last ")}
      <span className="t3 wide-only">{dayTime(range.to ? Number(range.to) : now, zone, now)}</span>
    </Menu>
  );
}

function TypedRange({ onRange }: { onRange: (range: TimeRange) => void }) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState("");
  const id = useId();
  return (
    <form
      className="menu-form"
      onSubmit={(event) => {
        event.preventDefault();
        const parsed = parseRange(text);
        if ("problem" in parsed) setProblem(parsed.problem);
        else onRange(parsed);
      }}
    >
      <label htmlFor={id}>Type a range, UTC</label>
      <input
        id={id}
        className="m"
        value={text}
        placeholder="2026-11-20 14:00/15:00"
        aria-invalid={problem !== ""}
        onChange={(event) => {
          setText(event.target.value);
          setProblem("");
        }}
      />
      {problem && <p role="alert">{problem}</p>}
    </form>
  );
}
