import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { getPipelineHealth } from "../api/controlApi";
import { signOut } from "../api/session";
import type { Status } from "../api/wire";
import { Icon } from "../parts/Icon";
import { rate } from "../parts/numbers";
import { plain } from "../text/defang";
import { HostileText } from "../text/HostileText";
import { clock, delay, zoneLabel } from "../time/format";
import { shortName } from "../triage/verdicts";
import { useNow } from "./clock";
import { routes } from "./routes";
import { toggleTheme } from "./Shell";
import { changeSettings, shownTheme, useSettings } from "./settings";
import { toast } from "./toast";
import { useSession } from "./useSession";

const POLL_MS = 5000;

/** The pipeline as measured every few seconds; shared by the top bar and the pipeline page. */
export function usePipelineHealth() {
  return useQuery({
    queryKey: ["pipeline"],
    queryFn: ({ signal }) => getPipelineHealth(signal),
    refetchInterval: POLL_MS,
    retry: false,
  });
}

const STATUS_WORDS: Record<Status, string> = {
  ok: "Pipeline healthy",
  degraded: "Pipeline degraded",
  down: "Pipeline down",
  unknown: "Pipeline state unknown",
};

export function TopBar({ tenant, onPalette }: { tenant: string; onPalette: () => void }) {
  useSettings();
  const theme = shownTheme();
  return (
    <header className="top">
      <div className="top-side">
        <TenantName tenant={tenant} />
      </div>
      <button type="button" className="cmd" onClick={onPalette}>
        <Icon name="search" />
        <span>Search or run a command</span>
        <span className="sp" />
        <kbd>Ctrl K</kbd>
      </button>
      <div className="top-side right">
        <Pulse tenant={tenant} />
        <span className="sep" />
        <ClockButton />
        <button
          type="button"
          className="btn q"
          onClick={toggleTheme}
          aria-label={theme === "dark" ? "Use the light theme" : "Use the dark theme"}
          title={theme === "dark" ? "Light theme (G T)" : "Dark theme (G T)"}
        >
          <Icon name={theme === "dark" ? "sun" : "moon"} />
        </button>
        <Me tenant={tenant} />
      </div>
    </header>
  );
}

/** Operators act in every tenant: theirs leads to the list of them. */
function TenantName({ tenant }: { tenant: string }) {
  const operator = useSession()?.operator ?? false;
  const name = (
    <>
      <HostileText text={tenant} /> <span className="env">tenant</span>
    </>
  );
  if (!operator) return <span className="tenant">{name}</span>;
  return (
    <Link className="tenant" href={routes.admin(tenant)} title="All tenants">
      {name}
    </Link>
  );
}

/** Who is signed in, and the way out; a caller without a session cannot sign out. */
function Me({ tenant }: { tenant: string }) {
  const session = useSession();
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    const outside = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    window.addEventListener("pointerdown", outside);
    return () => window.removeEventListener("pointerdown", outside);
  }, [open]);
  if (!session?.actor) return null;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc bubbles from what is inside
    <div
      className="menu-anchor me"
      ref={box}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        event.stopPropagation();
        event.preventDefault();
        setOpen(false);
        button.current?.focus();
      }}
    >
      <button
        ref={button}
        type="button"
        className="btn q"
        aria-expanded={open}
        title={plain(session.actor)}
        onClick={() => setOpen(!open)}
      >
        <span className="vh">Signed in as </span>
        <span className="el">
          <HostileText text={shortName(session.actor)} />
        </span>
      </button>
      {open && (
        <div className="menu me-menu">
          <p className="t3">Signed in as</p>
          <p className="m">
            <HostileText text={session.actor} />
          </p>
          <Link className="btn" href={routes.settings(tenant)} onClick={() => setOpen(false)}>
            Your settings
          </Link>
          {session.csrf ? (
            <button
              type="button"
              className="btn"
              onClick={() => signOut().catch((error: Error) => toast(error.message))}
            >
              Sign out
            </button>
          ) : (
            <p className="t3">Without a session: there is nothing to sign out of.</p>
          )}
        </div>
      )}
    </div>
  );
}

function Pulse({ tenant }: { tenant: string }) {
  const { data, isError } = usePipelineHealth();
  const status: Status = isError ? "unknown" : (data?.status ?? "unknown");
  const dot = status === "ok" ? "" : status === "degraded" ? " w" : status === "down" ? " bad" : " none";
  const words = data || isError ? STATUS_WORDS[status] : "Measuring the pipeline";
  return (
    <Link className="pulse" href={routes.pipeline(tenant)} title={words}>
      <span className={`dot${dot}`} />
      <span className="vh">{words}. </span>
      {isError && <span>no answer</span>}
      {data && !isError && (
        <>
          {rate(data.eventsInPerSecond)} ev/s<span className="t3">lag {delay(data.lagSeconds * 1000)}</span>
        </>
      )}
    </Link>
  );
}

function ClockButton() {
  const now = useNow();
  const { zone } = useSettings();
  return (
    <button
      type="button"
      className="btn q"
      onClick={() => changeSettings({ zone: zone === "utc" ? "local" : "utc" })}
      title={zone === "utc" ? "Show local time" : "Show UTC"}
    >
      <Icon name="clock" />
      {clock(now, zone)} {zoneLabel(now, zone)}
    </button>
  );
}
