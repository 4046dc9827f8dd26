import { memo } from "react";
import { mixedScripts, type Range, type Segment, SHOWN_CHARACTERS, segments } from "./hostile";

interface Props {
  text: string;
  marks?: readonly Range[];
  /** Line breaks and tabs act as such; otherwise they are shown by their number. */
  multiline?: boolean;
}

/** The only way untrusted text reaches the page: isolated, cut at 4 kB, nothing hidden. */
export const HostileText = memo(function HostileText({ text, marks, multiline = false }: Props) {
  const shown = text.length > SHOWN_CHARACTERS ? text.slice(0, SHOWN_CHARACTERS) : text;
  const rest = text.length - shown.length;
  return (
    <bdi>
      {runs(segments(shown, marks, multiline)).map(([at, marked, run]) =>
        marked ? <mark key={at}>{run.map(piece)}</mark> : run.map(piece),
      )}
      {rest > 0 && <span className="t3"> … {rest.toLocaleString("en")} more characters</span>}
    </bdi>
  );
});

function piece(segment: Segment, index: number) {
  if (segment.kind === "text") return segment.text;
  return (
    <span key={index} className="ctl" title={`Hidden character ${segment.code}, ${segment.name}`}>
      {segment.code}
    </span>
  );
}

/** Neighbouring segments that share their mark, so that one match is one <mark>. */
function runs(all: Segment[]): [number, boolean, Segment[]][] {
  const result: [number, boolean, Segment[]][] = [];
  all.forEach((segment, index) => {
    const last = result.at(-1);
    if (last && last[1] === segment.marked) last[2].push(segment);
    else result.push([index, segment.marked, [segment]]);
  });
  return result;
}

/** A host or user name; warns when it mixes look-alike scripts. */
export function NameText({ text }: { text: string }) {
  const scripts = mixedScripts(text);
  return (
    <>
      {scripts.length > 0 && (
        <span className="ctl" title={`Mixes ${scripts.join(" and ")} letters`}>
          mixed
        </span>
      )}
      <HostileText text={text} />
    </>
  );
}
