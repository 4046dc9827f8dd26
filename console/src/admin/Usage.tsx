import { useQuery } from "@tanstack/react-query";
import { getUsage, type UsageHour } from "../api/agents";
import { getQuotas } from "../api/tenants";
import { useSettings } from "../app/settings";
import { useUrlState } from "../app/urlState";
import { DataTable } from "../parts/DataTable";
import { bytes, short, whole } from "../parts/numbers";
import { EmptyState, ErrorBox, Skeleton } from "../parts/states";
import { useElementWidth } from "../parts/useElementWidth";
import { HostileText } from "../text/HostileText";
import { dayTime } from "../time/format";
import { type HourSums, hoursOf, waysOf } from "./usageSums";

const HOUR_MS = 3600e3;
const PERIODS: [value: string, label: string, hours: number][] = [
  ["24h", "24 hours", 24],
  ["7d", "7 days", 168],
  ["31d", "31 days", 744],
];
const COLOURS = ["var(--c1)", "var(--c2)", "var(--c3)", "var(--c4)", "var(--c5)", "var(--c6)"];

/** What came in by hour and way, and what quotas held back. */
export function Usage({ tenant }: { tenant: string }) {
  const [url, change] = useUrlState();
  const period = PERIODS.find(([value]) => value === url.get("period")) ?? PERIODS[0];
  const hours = period?.[2] ?? 24;
  const query = useQuery({
    queryKey: ["usage", tenant, hours],
    queryFn: ({ signal }) => {
      const to = Math.ceil(Date.now() / HOUR_MS) * HOUR_MS;
      return getUsage(tenant, to - hours * HOUR_MS, to, signal);
    },
    refetchInterval: 60_000,
  });
  const quotas = useQuery({
    queryKey: ["quotas", tenant],
    queryFn: ({ signal }) => getQuotas(tenant, signal),
  });
  return (
    <div className="admin-main">
      <header className="vw">
        <h1 className="page-title">Usage</h1>
        <span className="t3 el">What came in, and what quotas held back</span>
        <span className="sp" />
        <nav className="tabs" aria-label="Period">
          {PERIODS.map(([value, label]) => (
            <button
              key={value}
              type="button"
              aria-current={value === period?.[0] ? "true" : undefined}
              onClick={() => change({ period: value === "24h" ? null : value })}
            >
              {label}
            </button>
          ))}
        </nav>
      </header>
      <section className="admin-scroll" aria-label="Usage" tabIndex={0} aria-busy={query.isFetching}>
        {query.error && (
          <ErrorBox what="The usage could not be read." error={query.error} onRetry={() => query.refetch()} />
        )}
        {query.isPending && <Skeleton rows={8} label="Loading usage" />}
        {query.data?.length === 0 && (
          <EmptyState title="Nothing came in in this time.">
            <p className="t2">
              Events that agents, OTLP, HTTP and syslog bring through the gateway are counted here.
            </p>
          </EmptyState>
        )}
        {query.data && query.data.length > 0 && (
          <Figures hours={query.data} asked={hours} perDay={quotas.data?.bytesPerDay} />
        )}
      </section>
      <footer className="ft">
        <span>Some seconds behind</span>
        <span className="sp" />
        <span>Bytes as they came, before storage</span>
      </footer>
    </div>
  );
}

function Figures({
  hours,
  asked,
  perDay,
}: {
  hours: readonly UsageHour[];
  asked: number;
  perDay: number | undefined;
}) {
  const ways = waysOf(hours);
  const total = (of: (hour: UsageHour) => number) => hours.reduce((sum, hour) => sum + of(hour), 0);
  const over = total((hour) => hour.overQuotaEvents);
  const refused = total((hour) => hour.refusedEvents);
  return (
    <>
      <dl className="cards usage">
        <Figure name="Events" value={short(total((hour) => hour.events))} />
        <Figure
          name="Bytes"
          value={bytes(total((hour) => hour.bytes))}
          note={perDay === undefined ? "no quota" : `quota ${bytes(perDay)} a day`}
        />
        <Figure
          name="Held back by quotas"
          value={short(over)}
          note={`${whole(total((hour) => hour.overQuota))} times`}
          hot={over > 0}
        />
        <Figure
          name="Refused for good"
          value={short(refused)}
          note="malformed or too large"
          hot={refused > 0}
        />
      </dl>
      <Bars hours={hoursOf(hours, asked, Date.now())} ways={ways.map((each) => each.way)} />
      <DataTable
        label="By way"
        rows={ways}
        keyOf={(each) => each.way}
        columns={[
          { name: "Way in", cell: (each) => <HostileText text={each.way} /> },
          { name: "Events", kind: "num", cell: (each) => whole(each.events) },
          { name: "Bytes", kind: "num", cell: (each) => bytes(each.bytes) },
          { name: "Held back", kind: "num", cell: (each) => whole(each.overQuotaEvents) },
          { name: "Refused", kind: "num", cell: (each) => whole(each.refusedEvents) },
        ]}
      />
    </>
  );
}

function Figure({
  name,
  value,
  note = "",
  hot = false,
}: {
  name: string;
  value: string;
  note?: string;
  hot?: boolean;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={hot ? "hot" : ""}>
        {value} <small>{note}</small>
      </dd>
    </div>
  );
}

const HEIGHT = 160;
const FOOT = 20;

/** Bytes by hour, stacked by way in. */
function Bars({ hours, ways }: { hours: readonly HourSums[]; ways: readonly string[] }) {
  const { zone } = useSettings();
  const [box, width] = useElementWidth(900);
  const top = Math.max(1, ...hours.map((hour) => hour.total));
  const step = (width - 72) / Math.max(1, hours.length);
  const now = Date.now();
  const label = (at: number) => dayTime(hours[at]?.hourMs ?? 0, zone, now);
  const most = hours.findIndex((hour) => hour.total === top);
  return (
    <div className="usage-bars" ref={box}>
      <p className="t2 small">
        Bytes by hour, most {bytes(top)} at {label(most)}
      </p>
      <svg
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={`Bytes by hour, most ${bytes(top)} at ${label(most)}`}
      >
        {[0, 1].map((part) => (
          <g key={part}>
            <path d={`M64 ${(1 - part) * (HEIGHT - FOOT - 8) + 8}H${width - 8}`} stroke="var(--line)" />
            <text x={58} y={(1 - part) * (HEIGHT - FOOT - 8) + 12} textAnchor="end">
              {bytes(top * part)}
            </text>
          </g>
        ))}
        {hours.map((hour, at) => {
          let under = HEIGHT - FOOT;
          return ways.map((way, index) => {
            const height = ((hour.bytes.get(way) ?? 0) / top) * (HEIGHT - FOOT - 8);
            if (height === 0) return null;
            under -= height;
            return (
              <rect
                key={way}
                x={64 + at * step + 0.5}
                y={under}
                width={Math.max(1, step - 1)}
                height={height}
                fill={COLOURS[index % COLOURS.length]}
              />
            );
          });
        })}
        <text x={64} y={HEIGHT - 5}>
          {label(0)}
        </text>
        <text x={width - 8} y={HEIGHT - 5} textAnchor="end">
          {label(hours.length - 1)}
        </text>
      </svg>
      <p className="keys-line">
        {ways.slice(0, COLOURS.length).map((way, index) => (
          <span key={way} className="key">
            <i style={{ background: COLOURS[index] }} />
            <HostileText text={way} />
          </span>
        ))}
      </p>
    </div>
  );
}
