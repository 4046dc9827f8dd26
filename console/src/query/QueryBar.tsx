import { type KeyboardEvent, type RefObject, useEffect, useId, useState } from "react";
import { Icon } from "../parts/Icon";
import { plain } from "../text/defang";
import { HostileText } from "../text/HostileText";
import { type ParsedQuery, parseQuery, type Token, without } from "./parseQuery";

interface Props {
  query: string;
  onQuery: (query: string) => void;
  inputRef: RefObject<HTMLInputElement | null>;
  /** A rule's title for its id, where known: ids say nothing to people. */
  ruleTitle: (id: string) => string | undefined;
}

/** Chips and text are one string: chips show what holds, the field takes the next part. */
export function QueryBar({ query, onQuery, inputRef, ruleTitle }: Props) {
  const [draft, setDraft] = useState("");
  const id = useId();
  const committed = parseQuery(query);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a query from elsewhere replaces what is being typed
  useEffect(() => setDraft(""), [query]);

  const commit = () => {
    const next = `${query} ${draft}`.trim();
    setDraft("");
    if (next !== query) onQuery(next);
  };
  const edit = (token: Token) => {
    onQuery(without(query, token));
    // The effect above clears the draft for the shorter query first.
    requestAnimationFrame(() => setDraft(token.raw));
    inputRef.current?.focus();
  };
  const keys = (event: KeyboardEvent<HTMLInputElement>) => {
    const last = committed.tokens.at(-1);
    if (event.key === "Enter") commit();
    else if (event.key === "Backspace" && draft === "" && last) {
      event.preventDefault();
      edit(last);
    } else if (event.key === "Escape") {
      setDraft("");
      event.currentTarget.blur();
    } else return;
    event.stopPropagation();
  };
  return (
    <search className="qi-wrap">
      {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: a click beside the chips means the field */}
      <div
        className="qi"
        onClick={(event) => {
          if (event.target === event.currentTarget) inputRef.current?.focus();
        }}
      >
        <Icon name="filter" />
        {committed.tokens.map((token) => (
          <Chip
            key={`${token.start}:${token.raw}`}
            token={token}
            title={token.field === "rule" ? ruleTitle(token.value) : undefined}
            onEdit={() => edit(token)}
            onRemove={() => onQuery(without(query, token))}
          />
        ))}
        <input
          ref={inputRef}
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={keys}
          onBlur={commit}
          placeholder={query ? "" : "severity:>=high  host:…  user:…  technique:T1059  or a word"}
          aria-label="Query"
          aria-describedby={committed.problems.length > 0 ? `${id}-problems` : undefined}
          aria-invalid={committed.problems.length > 0}
          spellCheck={false}
          autoComplete="off"
        />
        {query && (
          <button type="button" className="btn q" onClick={() => onQuery("")} aria-label="Clear the query">
            <Icon name="x" />
          </button>
        )}
        <kbd>/</kbd>
      </div>
      <Problems id={`${id}-problems`} parsed={committed} onQuery={onQuery} />
    </search>
  );
}

function Chip({
  token,
  title,
  onEdit,
  onRemove,
}: {
  token: Token;
  title: string | undefined;
  onEdit: () => void;
  onRemove: () => void;
}) {
  return (
    <span className={`tk${token.problem ? " wrong" : ""}`}>
      <button type="button" className="tk-text" onClick={onEdit} title={`Edit ${plain(token.raw)}`}>
        {token.field && (
          <>
            <span className="f">
              <HostileText text={token.raw.slice(0, token.raw.indexOf(":"))} />
            </span>
            <span className="o">{token.operator}</span>
          </>
        )}
        <HostileText text={title ? `"${title}"` : token.field ? token.value : token.raw} />
      </button>
      <button type="button" className="tk-x" onClick={onRemove} aria-label={`Remove ${plain(token.raw)}`}>
        <Icon name="x" />
      </button>
    </span>
  );
}

function Problems({
  id,
  parsed,
  onQuery,
}: {
  id: string;
  parsed: ParsedQuery;
  onQuery: (query: string) => void;
}) {
  if (parsed.problems.length === 0) return null;
  return (
    <div id={id} className="q-problems" role="alert">
      <ul>
        {parsed.problems.map(({ start, problem }) => (
          <li key={start}>
            <span className="m t3">{start + 1}</span>
            <HostileText text={problem.message} />
            {problem.fix && (
              <button type="button" className="btn" onClick={() => problem.fix && onQuery(problem.fix.query)}>
                <HostileText text={problem.fix.label} />
              </button>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
