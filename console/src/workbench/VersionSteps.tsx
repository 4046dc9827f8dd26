import type { RuleStatus } from "../api/deployments";
import type { RuleVersion } from "../api/rules";
import { useNow } from "../app/clock";
import { HostileText } from "../text/HostileText";
import { duration } from "../time/format";

const DOT = { live: "live", shadow: "sh", draft: "dr", retired: "off" } as const;

interface Props {
  placed: readonly RuleStatus[];
  versions: readonly RuleVersion[];
  /** The version that is compared with, if any. */
  compared: number;
  onCompare(version: number): void;
}

/** Where each version stands: v13 live, v14 shadow, v15 draft. One leads to what differs from it. */
export function VersionSteps({ placed, versions, compared, onCompare }: Props) {
  const now = useNow();
  const made = new Map(versions.map((each) => [each.version, each.createdMs]));
  const newest = versions[0];
  // Rolled back from, or ended: it runs nowhere, and is the newest text all the same.
  const off =
    newest && newest.places.length === 0 && !placed.some((each) => each.version >= newest.version)
      ? newest
      : null;
  const steps = [...placed].sort((a, b) => a.version - b.version);
  return (
    <ul className="lc steps" aria-label="Versions">
      {steps.map((each) => (
        <li key={`${each.version}-${each.stage}-${each.tenants.join()}`}>
          <button
            type="button"
            aria-pressed={compared === each.version}
            title={`Compare with v${each.version}`}
            onClick={() => onCompare(each.version)}
          >
            <span className={`dot ${DOT[each.stage]}`} />
            <b>v{each.version}</b> {each.stage}
            {each.tenants.length > 0 && (
              <span className="t3">
                {" "}
                for <HostileText text={each.tenants.join(", ")} />
              </span>
            )}
            <span className="t3 age"> {since(made.get(each.version), now)}</span>
          </button>
        </li>
      ))}
      {off && (
        <li>
          <button
            type="button"
            aria-pressed={compared === off.version}
            title={`Compare with v${off.version}`}
            onClick={() => onCompare(off.version)}
          >
            <span className="dot off" />
            <b>v{off.version}</b> off
          </button>
        </li>
      )}
    </ul>
  );
}

const since = (madeMs: number | undefined, now: number) => (madeMs ? duration(now - madeMs) : "");
