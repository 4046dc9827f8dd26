import { useState } from "react";
import {
  createEnrolmentToken,
  type EnrolmentToken,
  listEnrolmentTokens,
  revokeEnrolmentToken,
} from "../api/tenants";
import { useNow } from "../app/clock";
import { toast } from "../app/toast";
import { FormDialog } from "../parts/FormDialog";
import { EmptyState } from "../parts/states";
import { TextField } from "../parts/TextField";
import { When } from "../parts/When";
import { HostileText, NameText } from "../text/HostileText";
import { AdminList, RowAct, useListed } from "./AdminList";
import { ConfirmChange } from "./ConfirmChange";
import { Held } from "./Held";
import { CopyLine, OnceSecret } from "./OnceSecret";
import { useChange } from "./useChange";

const MAY = "tenant_configure";
const LONGEST_HOURS = 720;
/** Where `tidewatch up` listens for agents, on the host that serves this page. */
const GATEWAY_PORT = 7443;

type Open = { what: "new" } | { what: "revoke"; token: EnrolmentToken } | { what: "made"; secret: string };

/** What lets a new agent in, once. */
export function EnrolmentTokens({ tenant }: { tenant: string }) {
  const [open, setOpen] = useState<Open | null>(null);
  const list = useListed("enrolment", tenant, listEnrolmentTokens, (token) => [
    token.comment,
    token.createdBy,
    token.usedBy,
  ]);
  const close = () => setOpen(null);
  return (
    <AdminList
      title="Enrolment tokens"
      about="What lets a new agent in, once"
      one="token"
      list={list}
      create={{ may: MAY, onCreate: () => setOpen({ what: "new" }) }}
      empty={
        <EmptyState title="No agent has been let in by a token.">
          <p className="t2">Make one, and run the command that comes with it on the endpoint.</p>
        </EmptyState>
      }
      foot="A token works once; the agent gets a certificate of its own for it"
      keyOf={(token) => token.tokenId}
      columns={[
        { name: "For", cell: (token) => <HostileText text={token.comment} /> },
        { name: "State", kind: "state", cell: (token) => <Used of={token} /> },
        {
          name: "Used by",
          kind: "m",
          cell: (token) => (token.usedBy ? <NameText text={token.usedBy} /> : <span className="t3">–</span>),
        },
        { name: "Expires", kind: "when", cell: (token) => <When ms={token.expiresMs} /> },
        { name: "Made by", kind: "m", cell: (token) => <HostileText text={token.createdBy} /> },
        {
          name: "Actions",
          kind: "acts",
          cell: (token) => <Revoke token={token} onRevoke={() => setOpen({ what: "revoke", token })} />,
        },
      ]}
    >
      {open?.what === "revoke" && (
        <ConfirmChange
          of="enrolment"
          tenant={tenant}
          verb="Revoke token"
          name={open.token.comment || open.token.tokenId}
          change={() => revokeEnrolmentToken(tenant, open.token.tokenId)}
          onDone={() => toast("Token revoked")}
          onClose={close}
        >
          No agent can enrol with it any more. Agents that did keep their certificates.
        </ConfirmChange>
      )}
      {open?.what === "new" && (
        <NewToken tenant={tenant} onClose={close} onMade={(secret) => setOpen({ what: "made", secret })} />
      )}
      {open?.what === "made" && <MadeToken secret={open.secret} onClose={close} />}
    </AdminList>
  );
}

function Used({ of }: { of: EnrolmentToken }) {
  return of.usedMs > 0 ? <span className="t2">Used</span> : <Held of={of} soonMs={3600e3} />;
}

function Revoke({ token, onRevoke }: { token: EnrolmentToken; onRevoke: () => void }) {
  const now = useNow();
  if (token.usedMs > 0 || token.revokedMs > 0 || token.expiresMs <= now) return null;
  return <RowAct may={MAY} verb="Revoke" name={token.comment || token.tokenId} onAct={onRevoke} />;
}

function NewToken({
  tenant,
  onClose,
  onMade,
}: {
  tenant: string;
  onClose: () => void;
  onMade: (secret: string) => void;
}) {
  const [comment, setComment] = useState("");
  const [hours, setHours] = useState("24");
  const made = useChange(
    "enrolment",
    tenant,
    () => createEnrolmentToken(tenant, { comment: comment.trim(), validHours: Number(hours) }),
    (answer) => onMade(answer.secret),
  );
  return (
    <FormDialog
      title="New enrolment token"
      verb="Create token"
      busy={made.isPending}
      error={made.error}
      failed="The token was not created."
      onSubmit={() => made.mutate(undefined)}
      onClose={onClose}
    >
      <TextField
        label="For"
        of="comment"
        error={made.error}
        hint="Which machine, as: web servers, rack 4"
        value={comment}
        maxLength={200}
        onValue={setComment}
      />
      <TextField
        label="Ends after, hours"
        of="valid_hours"
        error={made.error}
        hint={`1 to ${LONGEST_HOURS}`}
        type="number"
        min={1}
        max={LONGEST_HOURS}
        required
        value={hours}
        onValue={setHours}
      />
    </FormDialog>
  );
}

/** The token stays out of the command, so out of the shell's history and the list of processes. */
function MadeToken({ secret, onClose }: { secret: string; onClose: () => void }) {
  const [gateway, setGateway] = useState(`${location.hostname}:${GATEWAY_PORT}`);
  const known = /^[A-Za-z0-9.:[\]-]{1,260}$/.test(gateway);
  return (
    <OnceSecret title="Token made" name="Token" secret={secret} onClose={onClose}>
      <TextField
        label="Gateway, as the endpoint reaches it"
        hint={
          known
            ? "Host and port of the gateway's agent listener."
            : "A host and a port, as gateway.example:7443."
        }
        wrong={!known}
        exact
        value={gateway}
        maxLength={260}
        onValue={(text) => setGateway(text.trim())}
      />
      {known && (
        <>
          <CopyLine
            label="1. On the endpoint; paste the token, then Ctrl D"
            text="(umask 077; cat > enrol.token)"
          />
          <CopyLine
            label="2. Enrol"
            text={`tidewatch agent enroll --gateway ${gateway} --token-file enrol.token && rm enrol.token`}
          />
        </>
      )}
    </OnceSecret>
  );
}
