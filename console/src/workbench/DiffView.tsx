import { useMemo } from "react";
import { plural } from "../parts/numbers";
import { ErrorBox, Skeleton } from "../parts/states";
import { HostileText } from "../text/HostileText";
import { counted, type DiffLine, diffLines, hunks, type Skipped, sideBySide } from "./diff";
import { useRuleVersion } from "./queries";

interface Props {
  tenant: string;
  ruleId: string;
  version: number;
  /** What is in the editor. */
  text: string;
  side: boolean;
  onSide(side: boolean): void;
  onTake(text: string): void;
  onClose(): void;
}

/** What differs between a version and the text in the editor. */
export function DiffView({ tenant, ruleId, version, text, side, onSide, onTake, onClose }: Props) {
  const kept = useRuleVersion(tenant, ruleId, version);
  const source = kept.data?.source;
  const lines = useMemo(() => (source === undefined ? [] : diffLines(source, text)), [source, text]);
  const { added, removed } = counted(lines);
  return (
    <section className="diff" aria-label={`Compared with version ${version}`}>
      <div className="eb">
        <b>v{version} and the editor</b>
        {source !== undefined && (
          <span className="t3">
            {added + removed === 0 ? "no difference" : `${plural(added, "line")} added, ${removed} removed`}
          </span>
        )}
        {kept.data?.comment && (
          <span className="t3 el">
            <HostileText text={kept.data.comment} />
          </span>
        )}
        <span className="sp" />
        <button type="button" className="btn q" aria-pressed={side} onClick={() => onSide(!side)}>
          Side by side
        </button>
        <button
          type="button"
          className="btn q"
          disabled={source === undefined || added + removed === 0}
          onClick={() => source !== undefined && onTake(source)}
        >
          Take v{version}
        </button>
        <button type="button" className="btn q" onClick={onClose}>
          Back to the editor
        </button>
      </div>
      {kept.error && (
        <ErrorBox
          what={`Version ${version} could not be read.`}
          error={kept.error}
          onRetry={() => kept.refetch()}
        />
      )}
      {kept.isPending && <Skeleton rows={12} label="Loading the version" />}
      {source !== undefined && (
        <div className="diff-body m" role="region" aria-label="Differences" tabIndex={0}>
          {side ? <SideBySide lines={lines} /> : <Unified lines={lines} />}
        </div>
      )}
    </section>
  );
}

const SIGN = { same: " ", removed: "-", added: "+" } as const;
const WORD = { same: "", removed: "removed", added: "added" } as const;

function Unified({ lines }: { lines: readonly DiffLine[] }) {
  return (
    <ol>
      {hunks(lines).map((line) =>
        line.kind === "skipped" ? (
          <Alike key={`skipped ${line.before}`} lines={line} />
        ) : (
          <li key={`${line.before ?? ""}:${line.after ?? ""}`} className={`dl ${line.kind}`}>
            <i aria-hidden="true">{line.before}</i>
            <i aria-hidden="true">{line.after}</i>
            <Code line={line} />
          </li>
        ),
      )}
    </ol>
  );
}

function SideBySide({ lines }: { lines: readonly DiffLine[] }) {
  return (
    <ol>
      {sideBySide(hunks(lines)).map((pair, at) =>
        pair.kind === "skipped" ? (
          <Alike key={`skipped ${pair.before}`} lines={pair} />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other identity and do not move
          <li key={at} className="dl pair">
            <Half line={pair.left} number={pair.left?.before} />
            <Half line={pair.right} number={pair.right?.after} />
          </li>
        ),
      )}
    </ol>
  );
}

function Half({ line, number }: { line: DiffLine | undefined; number: number | undefined }) {
  return (
    <span className={`half ${line?.kind ?? "none"}`}>
      <i aria-hidden="true">{number}</i>
      {line && <Code line={line} />}
    </span>
  );
}

function Code({ line }: { line: DiffLine }) {
  return (
    <code>
      <span aria-hidden="true">{SIGN[line.kind]} </span>
      {WORD[line.kind] && <span className="vh">{WORD[line.kind]}: </span>}
      <HostileText text={line.text} />
    </code>
  );
}

function Alike({ lines }: { lines: Skipped }) {
  return <li className="dl alike">{plural(lines.lines, "line")} alike</li>;
}
