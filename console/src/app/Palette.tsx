import { type KeyboardEvent, useId, useMemo, useState } from "react";
import { useLocation } from "wouter";
import { Dialog } from "../parts/Dialog";
import { Icon, type IconName } from "../parts/Icon";
import { quote } from "../query/parseQuery";
import { HostileText } from "../text/HostileText";
import { alertsWith, routes } from "./routes";
import { toggleTheme } from "./Shell";
import { changeSettings, useSettings } from "./settings";

interface Command {
  id: string;
  icon: IconName;
  name: string;
  /** What the user typed, shown as untrusted text behind the name. */
  subject?: string;
  keys?: string;
  run: () => void;
}

const ADMIN = [
  ["tenants", "tenants"],
  ["users", "users and roles"],
  ["keys", "API keys"],
  ["agents", "agents"],
  ["enrolment", "enrolment tokens"],
  ["lists", "value lists"],
  ["usage", "usage"],
] as const;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function Palette({
  tenant,
  onClose,
  onHelp,
}: {
  tenant: string;
  onClose: () => void;
  onHelp: () => void;
}) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const commands = useCommands(tenant, text.trim(), onHelp);
  const id = useId();
  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const keys = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setAt((at + step + commands.length) % Math.max(1, commands.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(commands[at]);
    }
  };
  return (
    <Dialog label="Search or run a command" className="palette" onClose={onClose}>
      <div className="palette-input">
        <Icon name="search" />
        <input
          autoFocus
          value={text}
          placeholder="Search or run a command"
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={commands[at] ? `${id}-${commands[at].id}` : undefined}
          aria-label="Search or run a command"
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={keys}
        />
      </div>
      <div id={`${id}-list`} role="listbox" aria-label="Commands" className="palette-list">
        {commands.map((command, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox has the keys
          <div
            key={command.id}
            id={`${id}-${command.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onClick={() => run(command)}
          >
            <Icon name={command.icon} />
            <span className="el">
              {command.name}
              {command.subject && (
                <span className="m b">
                  {" "}
                  <HostileText text={command.subject} />
                </span>
              )}
            </span>
            <span className="sp" />
            {command.keys && <kbd>{command.keys}</kbd>}
          </div>
        ))}
      </div>
    </Dialog>
  );
}

function useCommands(tenant: string, text: string, onHelp: () => void): Command[] {
  const [, navigate] = useLocation();
  const { zone } = useSettings();
  return useMemo(() => {
    const fixed: Command[] = [
      {
        id: "alerts",
        icon: "alerts",
        name: "Go to alerts",
        keys: "G A",
        run: () => navigate(routes.alerts(tenant)),
      },
      {
        id: "rules",
        icon: "rules",
        name: "Go to rules",
        keys: "G R",
        run: () => navigate(routes.rules(tenant)),
      },
      {
        id: "coverage",
        icon: "coverage",
        name: "Go to coverage",
        keys: "G O",
        run: () => navigate(routes.coverage(tenant)),
      },
      {
        id: "pipeline",
        icon: "pipeline",
        name: "Go to pipeline",
        keys: "G P",
        run: () => navigate(routes.pipeline(tenant)),
      },
      ...ADMIN.map(([section, name]) => ({
        id: `admin-${section}`,
        icon: "admin" as const,
        name: `Go to ${name}`,
        ...(section === "tenants" && { keys: "G M" }),
        run: () => navigate(routes.admin(tenant, section)),
      })),
      {
        id: "settings",
        icon: "admin",
        name: "Go to your settings",
        keys: "G S",
        run: () => navigate(routes.settings(tenant)),
      },
      {
        id: "audit",
        icon: "admin",
        name: "Go to audit",
        keys: "G U",
        run: () => navigate(routes.audit(tenant)),
      },
      { id: "theme", icon: "moon", name: "Switch dark and light", keys: "G T", run: toggleTheme },
      {
        id: "zone",
        icon: "clock",
        name: zone === "utc" ? "Show local time" : "Show UTC",
        run: () => changeSettings({ zone: zone === "utc" ? "local" : "utc" }),
      },
      { id: "help", icon: "keys", name: "Show all keys", keys: "?", run: onHelp },
    ];
    const words = text.toLowerCase().split(/\s+/);
    const found = fixed.filter((command) => words.every((word) => command.name.toLowerCase().includes(word)));
    return text ? [...found, ...searches(tenant, text, navigate)] : found;
  }, [tenant, text, zone, navigate, onHelp]);
}

function searches(tenant: string, text: string, navigate: (to: string) => void): Command[] {
  const search = (field: string) => () => navigate(alertsWith(tenant, `${field}${quote(text)}`));
  const found: Command[] = [
    { id: "text", icon: "search", name: "Search alerts for", subject: text, run: search("") },
    { id: "host", icon: "filter", name: "Alerts on host", subject: text, run: search("host:") },
    { id: "user", icon: "filter", name: "Alerts of user", subject: text, run: search("user:") },
    {
      id: "rule-search",
      icon: "rules",
      name: "Search rules for",
      subject: text,
      run: () => navigate(routes.rules(tenant, `?q=${encodeURIComponent(text)}`)),
    },
  ];
  if (!UUID.test(text)) return found;
  return [
    {
      id: "alert",
      icon: "alerts",
      name: "Open alert",
      subject: text,
      run: () => navigate(routes.alert(tenant, text.toLowerCase())),
    },
    {
      id: "rule",
      icon: "rules",
      name: "Open rule",
      subject: text,
      run: () => navigate(routes.rule(tenant, text.toLowerCase())),
    },
    ...found,
  ];
}
