import type { RefObject } from "react";
import { Link } from "wouter";
import { LEVELS } from "../api/wire";
import { routes } from "../app/routes";
import type { Change } from "../app/urlState";
import { Icon } from "../parts/Icon";
import { Key } from "../parts/Key";
import { Menu } from "../parts/Menu";
import { plural } from "../parts/numbers";
import { LEVEL_NAME } from "../parts/Severity";
import { KINDS } from "./rows";

const STATES = [
  { value: "", label: "Any stage" },
  { value: "live", label: "Live" },
  { value: "shadow", label: "Shadow" },
  { value: "draft", label: "Draft" },
  { value: "retired", label: "Retired" },
  { value: "faulty", label: "With errors" },
];
const LEVEL_CHOICES = [
  { value: "", label: "Any level" },
  ...LEVELS.map((level) => ({ value: level as string, label: LEVEL_NAME[level] })),
];
const KIND_CHOICES = [
  { value: "", label: "Any kind" },
  ...KINDS.map((kind) => ({
    value: kind as string,
    label: `${kind.charAt(0).toUpperCase()}${kind.slice(1)}s`,
  })),
];

interface Props {
  url: URLSearchParams;
  change(changes: Change): void;
  search: RefObject<HTMLInputElement | null>;
  count: number | undefined;
}

export function SearchField({ url, change, search, count }: Props) {
  return (
    <label className="se">
      <Icon name="search" />
      <span className="vh">Search rules</span>
      <input
        ref={search}
        value={url.get("q") ?? ""}
        placeholder={count === undefined ? "Rules" : plural(count, "rule")}
        spellCheck={false}
        onChange={(event) => change({ q: event.target.value })}
        onKeyDown={(event) => {
          if (event.key === "Escape") event.currentTarget.blur();
        }}
      />
      <Key name="/" />
    </label>
  );
}

/** What is shown of the list; all of it stands in the address. */
export function RuleFilters(props: Props & { tenant: string }) {
  const { url, change, tenant } = props;
  const menu = (name: string, label: string, choices: readonly { value: string; label: string }[]) => {
    const value = url.get(name) ?? "";
    const chosen = choices.find((each) => each.value === value) ?? choices[0];
    return (
      <Menu
        label={label}
        choices={choices}
        value={chosen?.value ?? ""}
        onChoose={(to) => change({ [name]: to })}
      >
        {chosen?.label}
      </Menu>
    );
  };
  return (
    <div className="vw rt-bar">
      <h1 className="page-title">Rules</h1>
      <SearchField {...props} />
      {menu("state", "Stage", STATES)}
      {menu("level", "Level", LEVEL_CHOICES)}
      {menu("kind", "Kind", KIND_CHOICES)}
      <span className="sp" />
      <Link className="btn p" href={routes.workbench(tenant)}>
        New rule
      </Link>
    </div>
  );
}
