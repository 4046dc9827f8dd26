import { useMemo } from "react";
import { HostileText } from "../text/HostileText";
import { type Piece, yamlPieces } from "./yamlTokens";

const CLASS: Record<Piece["kind"], string> = {
  key: "k",
  modifier: "md",
  string: "s",
  comment: "co",
  plain: "",
};
const MOST_LINES = 5000;

/** A rule's YAML, read-only, with line numbers. */
export function RuleSource({ source }: { source: string }) {
  const lines = useMemo(() => source.replace(/\n$/, "").split("\n").slice(0, MOST_LINES), [source]);
  return (
    <div className="cm" role="region" aria-label="Rule source" tabIndex={0}>
      {lines.map((line, at) => (
        <div key={String(at)}>
          <i aria-hidden="true">{at + 1}</i>
          <code>
            {yamlPieces(line.replace(/\r$/, "")).map((piece, index) => (
              <span key={String(index)} className={CLASS[piece.kind]}>
                <HostileText text={piece.text} />
              </span>
            ))}
          </code>
        </div>
      ))}
    </div>
  );
}
