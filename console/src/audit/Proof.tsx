import { useMutation } from "@tanstack/react-query";
import { type AuditRecord, getProof } from "../api/audit";
import { download } from "../app/download";
import { Icon } from "../parts/Icon";
import { ErrorBox } from "../parts/states";
import { canCheck, checkProof, type ProofCheck } from "./checkProof";

/** The proof of one record, checked here and not only by the server that could be lying. */
export function Proof({ tenant, record }: { tenant: string; record: AuditRecord }) {
  const day = new Date(Math.floor(record.timeUs / 1000)).toISOString().slice(0, 10);
  const over = day < new Date().toISOString().slice(0, 10);
  const read = useMutation({
    mutationFn: async () => {
      const found = await getProof(tenant, day, record.sequence);
      if (!found) throw new Error(`The seal of ${day} does not include this record.`);
      const check = canCheck() ? await checkProof(tenant, found.root, found.proven) : null;
      return { ...found, check };
    },
  });
  if (!over)
    return <p className="t3 proof">Its day is signed when it is over, and can be proven from then on.</p>;
  return (
    <div className="proof">
      <button type="button" className="btn" disabled={read.isPending} onClick={() => read.mutate()}>
        {read.isPending ? "Checking" : "Prove that it is in the log"}
      </button>
      {read.data && (
        <>
          <Result check={read.data.check} day={day} />
          <button
            type="button"
            className="btn"
            onClick={() =>
              download(
                `tidewatch-audit-${day}-record-${record.sequence}.json`,
                JSON.stringify({ root: read.data.root, proven: read.data.proven }, null, 1),
              )
            }
          >
            Download proof
          </button>
        </>
      )}
      {read.error && <ErrorBox what="It could not be proven." error={read.error} />}
    </div>
  );
}

function Result({ check, day }: { check: ProofCheck | null; day: string }) {
  if (!check) return <span className="t2">This browser checks proofs on pages of https only.</span>;
  const faults = [
    !check.record && "the record does not have its hash",
    !check.path && "its path does not lead to the root",
    check.signature === false && "the signature is not of the root",
  ].filter((fault) => fault !== false);
  if (faults.length > 0) {
    return (
      <span className="bad said-once" role="alert">
        <Icon name="warn" />
        Not proven: {faults.join(", ")}
      </span>
    );
  }
  return (
    <span className="good said-once" role="status">
      <Icon name="ok" />
      In the tree of {day}, checked by this browser
      {check.signature === null ? "; it cannot check Ed25519" : ", signature too"}
    </span>
  );
}
