import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { Fragment, useMemo } from "react";
import { Link } from "wouter";
import { type AuditRecord, type ChainCheck, listAuditRecords, verifyChain } from "../api/audit";
import { routes } from "../app/routes";
import { useSettings } from "../app/settings";
import { useUrlState } from "../app/urlState";
import { Icon } from "../parts/Icon";
import { plural, whole } from "../parts/numbers";
import { EmptyState, ErrorBox, Skeleton } from "../parts/states";
import { plain } from "../text/defang";
import { HostileText } from "../text/HostileText";
import { full, type Zone } from "../time/format";
import { RangeMenu } from "../time/RangeMenu";
import { bounds } from "../time/range";
import { Days } from "./Days";
import { Proof } from "./Proof";

const PAGE = 100;

/** Every change and refused access of the tenant, newest first, and whether the chain of them holds. */
export default function AuditPage({ tenant }: { tenant: string }) {
  const [url, change] = useUrlState();
  const { zone } = useSettings();
  const token = url.get("page") ?? "";
  const actor = url.get("actor") ?? "";
  const method = url.get("method") ?? "";
  const outcome = url.get("outcome") ?? "";
  const from = url.get("from") ?? "all";
  const to = url.get("to") ?? "";
  const open = Number(url.get("seq") ?? 0);
  // Once for each range, so that pages of one list ask the same.
  const time = useMemo(() => bounds({ from, to }, Date.now()), [from, to]);
  const asked = { size: PAGE, token, actor, method, outcome, ...time };
  const filtered = actor || method || outcome || time.fromMs || time.toMs;
  const list = useQuery({
    queryKey: ["audit", tenant, asked],
    queryFn: ({ signal }) => listAuditRecords(tenant, asked, signal),
    placeholderData: keepPreviousData,
  });
  const records = list.data?.records ?? [];
  const page = (next: string) => {
    const params = new URLSearchParams(url);
    params.delete("seq");
    params.delete("page");
    if (next) params.set("page", next);
    const text = params.toString();
    return routes.audit(tenant, text && `?${text}`);
  };
  return (
    <div className="admin-main audit">
      <div className="vw">
        <h1 className="page-title">Audit</h1>
        <span className="t3">Every change and every refused access</span>
      </div>
      <div className="audit-acts">
        <Filters
          actor={actor}
          method={method}
          outcome={outcome}
          onFilter={(next) => change({ ...next, page: null, seq: null })}
        />
        <RangeMenu
          range={{ from, to }}
          onRange={(range) =>
            change({ from: range.from === "all" ? null : range.from, to: range.to, page: null, seq: null })
          }
        />
        <span className="sp" />
        <Days tenant={tenant} zone={zone} />
        <Verify
          tenant={tenant}
          shown={(seq) => records.some((record) => record.sequence === seq)}
          onShow={(seq) => change({ seq: String(seq) })}
        />
      </div>
      <section className="audit-scroll" aria-label="Records" tabIndex={0} aria-busy={list.isFetching}>
        {list.error && (
          <ErrorBox
            what="Audit records could not be read."
            error={list.error}
            onRetry={() => list.refetch()}
          />
        )}
        {list.isPending && <Skeleton rows={12} label="Loading audit records" />}
        {list.data && records.length === 0 && (
          <EmptyState title={filtered ? "No records match." : "Nothing has been changed or refused yet."}>
            {filtered && (
              <button
                type="button"
                className="btn"
                onClick={() => change({ actor: null, method: null, outcome: null, from: null, to: null })}
              >
                Show all
              </button>
            )}
          </EmptyState>
        )}
        {records.length > 0 && (
          <Records
            tenant={tenant}
            records={records}
            open={open}
            zone={zone}
            onOpen={(seq) => change({ seq: seq === open ? null : String(seq) })}
          />
        )}
        <nav className="audit-pages" aria-label="Pages">
          {token && (
            <Link className="btn" href={page("")}>
              Newest
            </Link>
          )}
          {list.data?.nextPageToken && (
            <Link className="btn" href={page(list.data.nextPageToken)}>
              Older
            </Link>
          )}
        </nav>
      </section>
      <footer className="ft">
        <span>
          {records.length > 0
            ? `Records ${whole(records.at(-1)?.sequence ?? 0)} to ${whole(records[0]?.sequence ?? 0)}`
            : "No records"}
        </span>
        <span className="sp" />
        <span>Records cannot be changed; each carries the hash of the one before</span>
      </footer>
    </div>
  );
}

function Filters({
  actor,
  method,
  outcome,
  onFilter,
}: {
  actor: string;
  method: string;
  outcome: string;
  onFilter: (change: Record<string, string | null>) => void;
}) {
  return (
    <>
      <TextFilter
        label="Actor"
        hint="Actor, as user:ada@acme"
        value={actor}
        onValue={(next) => onFilter({ actor: next })}
      />
      <TextFilter
        label="Method"
        hint="Method, as CreateUser"
        value={method}
        onValue={(next) => onFilter({ method: next })}
      />
      <label>
        <span className="vh">Outcome</span>
        <select value={outcome} onChange={(event) => onFilter({ outcome: event.target.value })}>
          <option value="">Changed and refused</option>
          <option value="changed">Changed</option>
          <option value="refused">Refused</option>
        </select>
      </label>
    </>
  );
}

/** Asks when it is left or Enter is pressed. */
function TextFilter({
  label,
  hint,
  value,
  onValue,
}: {
  label: string;
  hint: string;
  value: string;
  onValue: (value: string) => void;
}) {
  return (
    <label>
      <span className="vh">{label}</span>
      <input
        key={value}
        defaultValue={value}
        placeholder={hint}
        maxLength={200}
        spellCheck={false}
        onBlur={(event) => event.target.value !== value && onValue(event.target.value.trim())}
        onKeyDown={(event) => {
          if (event.key === "Enter") onValue(event.currentTarget.value.trim());
        }}
      />
    </label>
  );
}

function Records({
  tenant,
  records,
  open,
  zone,
  onOpen,
}: {
  tenant: string;
  records: readonly AuditRecord[];
  open: number;
  zone: Zone;
  onOpen: (sequence: number) => void;
}) {
  return (
    <table>
      <thead>
        <tr>
          <th className="num">Record</th>
          <th className="when">Time</th>
          <th>Actor</th>
          <th>Method</th>
          <th>Resource</th>
          <th className="outcome">Outcome</th>
        </tr>
      </thead>
      <tbody>
        {records.map((record) => (
          <Fragment key={record.sequence}>
            <tr className={record.sequence === open ? "on" : ""}>
              <td className="num">
                <button
                  type="button"
                  className="btn q"
                  aria-expanded={record.sequence === open}
                  aria-label={`Record ${record.sequence}`}
                  onClick={() => onOpen(record.sequence)}
                >
                  {whole(record.sequence)}
                </button>
              </td>
              <td className="when m">{full(Math.floor(record.timeUs / 1000), zone)}</td>
              <td className="m" title={plain(record.actor)}>
                <HostileText text={record.actor} />
              </td>
              <td className="m" title={plain(record.method)}>
                <HostileText text={record.method.replace(/^.*\./, "")} />
              </td>
              <td className="m" title={plain(record.resource)}>
                <HostileText text={record.resource} />
              </td>
              <td className={record.outcome === "refused" ? "warn-text" : ""}>
                <HostileText text={record.outcome} />
              </td>
            </tr>
            {record.sequence === open && (
              <tr>
                <td className="audit-detail" colSpan={6}>
                  <Detail record={record} />
                  <Proof tenant={tenant} record={record} />
                </td>
              </tr>
            )}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

function Detail({ record }: { record: AuditRecord }) {
  const facts: [string, string][] = [
    ["Method", record.method],
    ["Resource", record.resource],
    ["Detail", record.detail],
    ["Request", record.requestId],
    ["From", record.remoteAddress],
    ["Hash", record.hash],
    ["Hash before", record.previousHash],
  ];
  return (
    <dl>
      {facts
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd className="m">
              <HostileText text={value} />
            </dd>
          </Fragment>
        ))}
    </dl>
  );
}

function Verify({
  tenant,
  shown,
  onShow,
}: {
  tenant: string;
  /** Whether this page has a record. */
  shown: (sequence: number) => boolean;
  onShow: (sequence: number) => void;
}) {
  const check = useMutation({ mutationFn: () => verifyChain(tenant) });
  return (
    <>
      <button type="button" className="btn p" disabled={check.isPending} onClick={() => check.mutate()}>
        {check.isPending ? "Verifying" : "Verify chain"}
      </button>
      {check.error && (
        <ErrorBox
          what="The chain could not be verified."
          error={check.error}
          onRetry={() => check.mutate()}
        />
      )}
      {check.data && !check.error && (
        <Seal check={check.data} onShow={shown(check.data.brokenSequence) ? onShow : undefined} />
      )}
    </>
  );
}

function Seal({ check, onShow }: { check: ChainCheck; onShow: ((sequence: number) => void) | undefined }) {
  if (check.intact) {
    return (
      <div className="seal" role="status">
        <span className="good">
          <Icon name="ok" />
        </span>
        <b>{check.records > 0 ? `Unbroken to record ${whole(check.records)}` : "Unbroken: no records yet"}</b>
        <span className="t2">{plural(check.signedDays, "signed day")}</span>
        {check.head && (
          <span className="t3">
            head <span className="m">{check.head}</span>
          </span>
        )}
      </div>
    );
  }
  const where = check.brokenSequence
    ? `record ${whole(check.brokenSequence)}`
    : check.brokenDay
      ? `day ${check.brokenDay}`
      : "its end";
  return (
    <div className="seal" role="alert">
      <span className="bad">
        <Icon name="warn" />
      </span>
      <b>
        Broken at <HostileText text={where} />:{" "}
      </b>
      <span>
        <HostileText text={check.reason} />
      </span>
      {onShow && (
        <button type="button" className="btn" onClick={() => onShow(check.brokenSequence)}>
          Show it
        </button>
      )}
    </div>
  );
}
