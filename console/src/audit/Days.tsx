import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { exportAuditDay, getDaySeal } from "../api/audit";
import { download } from "../app/download";
import { Icon } from "../parts/Icon";
import { plural, whole } from "../parts/numbers";
import { ErrorBox } from "../parts/states";
import { HostileText } from "../text/HostileText";
import { full, type Zone } from "../time/format";

const DAY_MS = 86400e3;

/** A day is signed when it is over, so yesterday is the newest that there can be. */
export function Days({ tenant, zone }: { tenant: string; zone: Zone }) {
  const newest = new Date(Date.now() - DAY_MS).toISOString().slice(0, 10);
  const [day, setDay] = useState(newest);
  const [shown, setShown] = useState("");
  const made = useMutation({
    mutationFn: async () => {
      const answer = await exportAuditDay(tenant, day);
      download(`tidewatch-audit-${day}.json`, JSON.stringify(answer, null, 1));
      return answer.records.length;
    },
  });
  return (
    <>
      <label>
        <span className="t3">Day, UTC </span>
        <input type="date" value={day} max={newest} onChange={(event) => setDay(event.target.value)} />
      </label>
      <button
        type="button"
        className="btn"
        aria-expanded={shown === day && day !== ""}
        disabled={!day}
        onClick={() => setShown(shown === day ? "" : day)}
      >
        Seal
      </button>
      <button type="button" className="btn" disabled={made.isPending || !day} onClick={() => made.mutate()}>
        {made.isPending ? "Exporting" : "Export day"}
      </button>
      {made.data !== undefined && !made.error && (
        <span className="t3" role="status">
          {plural(made.data, "record")} with proofs
        </span>
      )}
      {made.error && <ErrorBox what="The day could not be exported." error={made.error} />}
      {shown && <DaySeal key={shown} tenant={tenant} day={shown} zone={zone} />}
    </>
  );
}

/** Root and signature of a day: what to keep elsewhere, to hold the log against later. */
function DaySeal({ tenant, day, zone }: { tenant: string; day: string; zone: Zone }) {
  const seal = useQuery({
    queryKey: ["seal", tenant, day],
    queryFn: ({ signal }) => getDaySeal(tenant, day, signal),
    retry: false,
  });
  if (seal.error) return <ErrorBox what={`No seal of ${day}.`} error={seal.error} />;
  if (!seal.data) return null;
  const root = seal.data;
  const facts: [string, string][] = [
    ["Root", root.root],
    ["Signature", root.signature],
    ["Public key", root.publicKey],
  ];
  return (
    <section className="seal" aria-label={`Seal of ${day}`}>
      <span className="good">
        <Icon name="ok" />
      </span>
      <b>
        {day}: records {whole(root.firstSequence)} to {whole(root.lastSequence)}
      </b>
      <span className="t2">signed {full(root.signedMs, zone)}, Ed25519</span>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="m">
              <HostileText text={value} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
