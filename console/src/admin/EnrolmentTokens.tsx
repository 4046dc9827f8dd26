import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  createEnrolmentToken,
  type EnrolmentToken,
  listEnrolmentTokens,
  revokeEnrolmentToken,
} from "../api/tenants";
import { useNow } from "../app/clock";
import { GuardedButton } from "../app/permissions";
import { toast } from "../app/toast";
import { useUrlState } from "../app/urlState";
import { DataTable } from "../parts/DataTable";
import { Field, FormDialog } from "../parts/FormDialog";
import { EmptyState } from "../parts/states";
import { When } from "../parts/When";
import { plain } from "../text/defang";
import { HostileText, NameText } from "../text/HostileText";
import { ConfirmDialog } from "./ConfirmDialog";
import { Held } from "./Keys";
import { CopyLine, OnceSecret } from "./OnceSecret";
import { found, Section } from "./Section";
import { useChange } from "./Users";

const MAY = "tenant_configure";
const LONGEST_HOURS = 720;
/** Where `tidewatch up` listens for agents, on the host that serves this page. */
const GATEWAY_PORT = 7443;

type Open = { what: "new" } | { what: "revoke"; token: EnrolmentToken } | { what: "made"; secret: string };

/** What lets a new agent in, once. */
export function EnrolmentTokens({ tenant }: { tenant: string }) {
  const [url, change] = useUrlState();
  const [open, setOpen] = useState<Open | null>(null);
  const find = url.get("q") ?? "";
  const query = useQuery({
    queryKey: ["enrolment", tenant],
    queryFn: ({ signal }) => listEnrolmentTokens(tenant, signal),
  });
  const rows = found(query.data, find, (token) => [token.comment, token.createdBy, token.usedBy]);
  const close = () => setOpen(null);
  return (
    <Section
      title="Enrolment tokens"
      about="What lets a new agent in, once"
      one="token"
      query={query}
      rows={rows}
      find={find}
      onFind={(q) => change({ q })}
      acts={
        <GuardedButton permission={MAY} className="p" onClick={() => setOpen({ what: "new" })}>
          New token
        </GuardedButton>
      }
      empty={
        <EmptyState title="No agent has been let in by a token.">
          <p className="t2">Make one, and run the command that comes with it on the endpoint.</p>
        </EmptyState>
      }
      foot="A token works once; the agent gets a certificate of its own for it"
    >
      <DataTable
        label="Enrolment tokens"
        rows={rows}
        keyOf={(token) => token.tokenId}
        columns={[
          { name: "For", cell: (token) => <HostileText text={token.comment} /> },
          { name: "State", kind: "state", cell: (token) => <Used of={token} /> },
          {
            name: "Used by",
            kind: "m",
            cell: (token) =>
              token.usedBy ? <NameText text={token.usedBy} /> : <span className="t3">–</span>,
          },
          { name: "Expires", kind: "when", cell: (token) => <When ms={token.expiresMs} /> },
          { name: "Made by", kind: "m", cell: (token) => <HostileText text={token.createdBy} /> },
          {
            name: "Actions",
            kind: "acts",
            cell: (token) => <Revoke token={token} onRevoke={() => setOpen({ what: "revoke", token })} />,
          },
        ]}
      />
      {open?.what === "revoke" && <RevokeToken tenant={tenant} token={open.token} onClose={close} />}
      {open?.what === "new" && (
        <NewToken tenant={tenant} onClose={close} onMade={(secret) => setOpen({ what: "made", secret })} />
      )}
      {open?.what === "made" && <MadeToken secret={open.secret} onClose={close} />}
    </Section>
  );
}

function Used({ of }: { of: EnrolmentToken }) {
  return of.usedMs > 0 ? <span className="t2">Used</span> : <Held of={of} soonMs={3600e3} />;
}

function Revoke({ token, onRevoke }: { token: EnrolmentToken; onRevoke: () => void }) {
  const now = useNow();
  if (token.usedMs > 0 || token.revokedMs > 0 || token.expiresMs <= now) return null;
  return (
    <GuardedButton
      permission={MAY}
      className="q"
      label={`Revoke: ${plain(token.comment || token.tokenId, 60)}`}
      onClick={onRevoke}
    >
      Revoke
    </GuardedButton>
  );
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
      <Field label="For" of="comment" error={made.error} hint="Which machine, as: web servers, rack 4">
        {(id, described) => (
          <input
            id={id}
            aria-describedby={described}
            value={comment}
            maxLength={200}
            autoComplete="off"
            onChange={(event) => setComment(event.target.value)}
          />
        )}
      </Field>
      <Field label="Ends after, hours" of="valid_hours" error={made.error} hint={`1 to ${LONGEST_HOURS}`}>
        {(id, described) => (
          <input
            id={id}
            aria-describedby={described}
            type="number"
            min={1}
            max={LONGEST_HOURS}
            required
            value={hours}
            onChange={(event) => setHours(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}

/** The token stays out of the command, so out of the shell's history and the list of processes. */
function MadeToken({ secret, onClose }: { secret: string; onClose: () => void }) {
  const [gateway, setGateway] = useState(`${location.hostname}:${GATEWAY_PORT}`);
  const known = /^[A-Za-z0-9.:[\]-]{1,260}$/.test(gateway);
  return (
    <OnceSecret title="Token made" name="Token" secret={secret} onClose={onClose}>
      <Field
        label="Gateway, as the endpoint reaches it"
        hint={
          known
            ? "Host and port of the gateway's agent listener."
            : "A host and a port, as gateway.example:7443."
        }
      >
        {(id, described) => (
          <input
            id={id}
            aria-describedby={described}
            aria-invalid={!known}
            className="m"
            value={gateway}
            maxLength={260}
            spellCheck={false}
            onChange={(event) => setGateway(event.target.value.trim())}
          />
        )}
      </Field>
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

function RevokeToken({
  tenant,
  token,
  onClose,
}: {
  tenant: string;
  token: EnrolmentToken;
  onClose: () => void;
}) {
  const gone = useChange(
    "enrolment",
    tenant,
    () => revokeEnrolmentToken(tenant, token.tokenId),
    () => {
      toast("Token revoked");
      onClose();
    },
  );
  return (
    <ConfirmDialog
      verb="Revoke token"
      name={token.comment || token.tokenId}
      busy={gone.isPending}
      error={gone.error}
      onConfirm={() => gone.mutate(undefined)}
      onClose={onClose}
    >
      No agent can enrol with it any more. Agents that did keep their certificates.
    </ConfirmDialog>
  );
}
