import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";
import { listDeadLetters } from "../api/deadLetters";
import { useSettings } from "../app/settings";
import { useUrlState } from "../app/urlState";
import { bytes, whole } from "../parts/numbers";
import { EmptyState, ErrorBox, Skeleton } from "../parts/states";
import { HostileText } from "../text/HostileText";
import { clock, full } from "../time/format";

const EVERY_MS = 10_000;

/** Records that could not be read: why, where they stand in Kafka, and how each begins. */
export function DeadLetters({ tenant }: { tenant: string }) {
  const { zone } = useSettings();
  const [url, change] = useUrlState();
  const code = url.get("code") ?? "";
  const opened = url.get("letter") ?? "";
  const letters = useQuery({
    queryKey: ["dead-letters", tenant, code],
    queryFn: ({ signal }) => listDeadLetters(tenant, code, signal),
    refetchInterval: EVERY_MS,
    placeholderData: (previous) => previous,
  });
  const codes = letters.data?.codes ?? [];
  const rows = letters.data?.deadLetters ?? [];
  const all = codes.reduce((sum, each) => sum + each.count, 0);
  return (
    <section className="panel dead" aria-label="Dead letters">
      <div className="ph">
        <h2>Dead letters</h2>
        <span className="t3">records of this tenant that could not be read</span>
      </div>
      {letters.error && (
        <ErrorBox
          what="Dead letters could not be read."
          error={letters.error}
          onRetry={() => letters.refetch()}
        />
      )}
      {letters.isPending && <Skeleton rows={6} label="Loading dead letters" />}
      {letters.data && all === 0 && <EmptyState title="Every record could be read." />}
      {all > 0 && (
        <>
          <p className="chart-sum t2">
            {whole(all)} stored{rows.length > 0 && `, the newest ${rows.length} below`}.
          </p>
          <div className="codes" role="group" aria-label="Reason">
            <button
              type="button"
              className="chip"
              aria-pressed={code === ""}
              onClick={() => change({ code: null })}
            >
              All {whole(all)}
            </button>
            {codes.map((each) => (
              <button
                key={each.code}
                type="button"
                className="chip m"
                aria-pressed={code === each.code}
                onClick={() => change({ code: code === each.code ? null : each.code })}
              >
                <HostileText text={each.code} /> {whole(each.count)}
              </button>
            ))}
          </div>
          <table>
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">Code</th>
                <th scope="col">Why</th>
                <th scope="col">Tenant</th>
                <th scope="col" className="num">
                  Size
                </th>
                <th scope="col" className="num">
                  Partition
                </th>
                <th scope="col" className="num">
                  Offset
                </th>
                <th scope="col">Record</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => {
                const key = `${row.partition}:${row.offset}`;
                const open = opened === key;
                return (
                  <Fragment key={`${row.topic}:${key}`}>
                    <tr>
                      <td className="m" title={full(row.timeMs, zone)}>
                        {clock(row.timeMs, zone)}
                      </td>
                      <td className="m">
                        <HostileText text={row.code} />
                      </td>
                      <td className="reason">
                        <HostileText text={row.reason} />
                      </td>
                      <td className="m">{row.tenantId ? <HostileText text={row.tenantId} /> : "unknown"}</td>
                      <td className="num">{bytes(row.recordBytes)}</td>
                      <td className="num">{row.partition}</td>
                      <td className="num">{row.offset}</td>
                      <td>
                        <button
                          type="button"
                          className="btn q"
                          aria-expanded={open}
                          onClick={() => change({ letter: open ? null : key })}
                        >
                          {open ? "Hide" : "Show"}
                        </button>
                      </td>
                    </tr>
                    {open && (
                      <tr>
                        <td colSpan={8}>
                          <pre
                            className="sample m"
                            role="region"
                            tabIndex={0}
                            aria-label="Beginning of the record"
                          >
                            <HostileText text={row.sample || "The record is empty."} multiline />
                          </pre>
                        </td>
                      </tr>
                    )}
                  </Fragment>
                );
              })}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}
