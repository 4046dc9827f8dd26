import { type ReactNode, useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import { Icon, type IconName, Wave } from "../parts/Icon";
import { forgetUndo } from "../triage/useTriage";
import { HelpDialog } from "./HelpDialog";
import { useKeys } from "./keys";
import { Palette } from "./Palette";
import { routes } from "./routes";
import { changeSettings, shownTheme } from "./settings";
import { TopBar } from "./TopBar";
import { ToastRegion } from "./toast";

const PLACES: { name: string; icon: IconName; to: (tenant: string) => string; part: string }[] = [
  { name: "Alerts", icon: "alerts", to: (t) => routes.alerts(t), part: "alerts" },
  { name: "Rules", icon: "rules", to: (t) => routes.rules(t), part: "rules" },
  { name: "Coverage", icon: "coverage", to: (t) => routes.coverage(t), part: "coverage" },
  { name: "Pipeline", icon: "pipeline", to: (t) => routes.pipeline(t), part: "pipeline" },
];

export function toggleTheme() {
  changeSettings({ theme: shownTheme() === "dark" ? "light" : "dark" });
}

export function Shell({ tenant, children }: { tenant: string; children: ReactNode }) {
  const [location, navigate] = useLocation();
  const [help, setHelp] = useState(false);
  const [palette, setPalette] = useState(false);
  const part = location.split("/")[3];
  useEffect(() => forgetUndo, []);
  useKeys({
    "g a": () => navigate(routes.alerts(tenant)),
    "g r": () => navigate(routes.rules(tenant)),
    "g o": () => navigate(routes.coverage(tenant)),
    "g p": () => navigate(routes.pipeline(tenant)),
    "?": () => setHelp(true),
    "Ctrl+k": () => setPalette(true),
    "g t": toggleTheme,
    "g u": () => navigate(routes.audit(tenant)),
    "g m": () => navigate(routes.admin(tenant)),
    "g s": () => navigate(routes.settings(tenant)),
  });
  return (
    <div className="app">
      <nav className="rail" aria-label="Main">
        <Link className="logo" href={routes.alerts(tenant)} aria-label="Tidewatch home">
          <Wave />
        </Link>
        {PLACES.map((place) => (
          <Link
            key={place.part}
            href={place.to(tenant)}
            aria-current={place.part === part ? "page" : undefined}
          >
            <Icon name={place.icon} />
            {place.name}
          </Link>
        ))}
        <span className="sp" />
        <Link href={routes.admin(tenant)} aria-current={part === "admin" ? "page" : undefined}>
          <Icon name="admin" />
          Admin
        </Link>
        <button type="button" onClick={() => setHelp(true)}>
          <Icon name="keys" />
          Keys
        </button>
      </nav>
      <TopBar tenant={tenant} onPalette={() => setPalette(true)} />
      {children}
      {help && <HelpDialog onClose={() => setHelp(false)} />}
      {palette && <Palette tenant={tenant} onClose={() => setPalette(false)} onHelp={() => setHelp(true)} />}
      <ToastRegion />
    </div>
  );
}
