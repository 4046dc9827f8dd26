import { useNow } from "../app/clock";
import { useSettings } from "../app/settings";
import { plural, whole } from "../parts/numbers";
import { Severity } from "../parts/Severity";
import { HostileText, NameText } from "../text/HostileText";
import { duration, full } from "../time/format";
import type { GridLine, Group, GroupBy } from "./grouping";

type Heading = Exclude<GridLine, { kind: "alert" }>;

/** A group's name, count, worst level and newest alert; or what of an open group is not shown. */
export function HeadingLine({
  line,
  at,
  place,
  selected,
  focusable,
  by,
  columns,
  onSelect,
  onToggle,
  onNarrow,
}: {
  line: Heading;
  at: number;
  place: React.CSSProperties;
  selected: boolean;
  focusable: boolean;
  by: GroupBy;
  columns: number;
  onSelect: (id: string) => void;
  onToggle: (key: string) => void;
  onNarrow: (group: Group) => void;
}) {
  const act = () => (line.kind === "group" ? onToggle(line.group.key) : onNarrow(line.group));
  return (
    <div
      className={`row group${line.kind === "rest" ? " rest" : ""}`}
      role="row"
      aria-rowindex={at + 2}
      aria-selected={selected}
      style={place}
      tabIndex={focusable ? 0 : -1}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return;
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        onSelect(line.id);
        act();
      }}
    >
      <span role="gridcell" aria-colspan={columns}>
        {line.kind === "group" ? (
          <Name group={line.group} by={by} onClick={act} />
        ) : (
          <Rest line={line} onClick={act} />
        )}
      </span>
    </div>
  );
}

function Name({ group, by, onClick }: { group: Group; by: GroupBy; onClick: () => void }) {
  const { zone } = useSettings();
  const now = useNow();
  const Text = group.key !== "" && (by === "host" || by === "user") ? NameText : HostileText;
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-expanded={!group.closed}
      onClick={onClick}
      className={group.closed ? "closed" : ""}
    >
      <svg className="i" viewBox="0 0 16 16" aria-hidden="true">
        <path d="m4.500 6.500 3.500 3.500 3.500-3.500" />
      </svg>
      <Severity level={group.highest} />
      <b className="el">
        <Text text={group.name} />
      </b>
      <span className="t3">{plural(group.count, "alert")}</span>
      <span className="sp" />
      <span className="t3 age" title={full(group.newestMs, zone)}>
        newest {duration(now - group.newestMs)} ago
      </span>
    </button>
  );
}

function Rest({ line, onClick }: { line: Extract<Heading, { kind: "rest" }>; onClick: () => void }) {
  if (line.state === "loading") return <p className="t3">Loading its alerts</p>;
  if (line.state === "failed")
    return <p className="warn-text">Its alerts could not be read. Close and open the group to try again.</p>;
  return line.group.key === "" ? (
    <p className="t3">{whole(line.left)} older ones are not shown here. Narrow the time.</p>
  ) : (
    <button type="button" tabIndex={-1} onClick={onClick}>
      {whole(line.left)} older ones: show this group alone
    </button>
  );
}
