import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type ApiKey, createApiKey, listApiKeys, PERMISSIONS, revokeApiKey } from "../api/access";
import { useNow } from "../app/clock";
import { GuardedButton } from "../app/permissions";
import { toast } from "../app/toast";
import { useUrlState } from "../app/urlState";
import { DataTable } from "../parts/DataTable";
import { Choices, Field, FormDialog } from "../parts/FormDialog";
import { EmptyState } from "../parts/states";
import { When } from "../parts/When";
import { plain } from "../text/defang";
import { HostileText } from "../text/HostileText";
import { duration } from "../time/format";
import { ConfirmDialog } from "./ConfirmDialog";
import { CopyLine, OnceSecret } from "./OnceSecret";
import { found, Section } from "./Section";
import { Chips, Roles, useChange } from "./Users";

const MAY = "access_manage";
const LONGEST_DAYS = 365;
const SCOPES = PERMISSIONS.map((name) => ({ value: name as string, label: name.replaceAll("_", " ") }));

type Open =
  | { what: "new" }
  | { what: "revoke"; key: ApiKey }
  | { what: "made"; name: string; secret: string };

/** Programs that call this tenant's API. */
export function Keys({ tenant }: { tenant: string }) {
  const [url, change] = useUrlState();
  const [open, setOpen] = useState<Open | null>(null);
  const find = url.get("q") ?? "";
  const query = useQuery({
    queryKey: ["keys", tenant],
    queryFn: ({ signal }) => listApiKeys(tenant, signal),
  });
  const rows = found(query.data, find, (key) => [key.name, key.createdBy, ...key.roles, ...key.scopes]);
  const close = () => setOpen(null);
  return (
    <Section
      title="API keys"
      about="Programs that call the API of this tenant"
      one="key"
      query={query}
      rows={rows}
      find={find}
      onFind={(q) => change({ q })}
      acts={
        <GuardedButton permission={MAY} className="p" onClick={() => setOpen({ what: "new" })}>
          New key
        </GuardedButton>
      }
      empty={
        <EmptyState title="No program calls this tenant yet.">
          <p className="t2">
            A key has roles, can be limited to some of what they allow, and ends by itself.
          </p>
        </EmptyState>
      }
      foot="A key is sent as authorization: Bearer"
    >
      <DataTable
        label="API keys"
        rows={rows}
        keyOf={(key) => key.keyId}
        columns={[
          {
            name: "Name",
            cell: (key) => (
              <>
                <HostileText text={key.name} />
                {key.certificate && <span className="chip o">certificate</span>}
              </>
            ),
          },
          { name: "Roles", cell: (key) => <Chips names={key.roles} /> },
          {
            name: "Limited to",
            cell: (key) =>
              key.scopes.length > 0 ? (
                <Chips names={key.scopes} />
              ) : (
                <span className="t3">all that its roles allow</span>
              ),
          },
          { name: "State", kind: "state", cell: (key) => <Held of={key} /> },
          { name: "Expires", kind: "when", cell: (key) => <When ms={key.expiresMs} /> },
          { name: "Made by", kind: "m", cell: (key) => <HostileText text={key.createdBy} /> },
          {
            name: "Actions",
            kind: "acts",
            cell: (key) =>
              key.revokedMs === 0 && (
                <GuardedButton
                  permission={MAY}
                  className="q"
                  label={`Revoke: ${plain(key.name, 60)}`}
                  onClick={() => setOpen({ what: "revoke", key })}
                >
                  Revoke
                </GuardedButton>
              ),
          },
        ]}
      />
      {open?.what === "revoke" && <RevokeKey tenant={tenant} apiKey={open.key} onClose={close} />}
      {open?.what === "new" && (
        <NewKey
          tenant={tenant}
          onClose={close}
          onMade={(name, secret) => setOpen({ what: "made", name, secret })}
        />
      )}
      {open?.what === "made" && (
        <OnceSecret title="Key made" name="Key" secret={open.secret} onClose={close}>
          <CopyLine
            label="To try it"
            text={`curl -H 'authorization: Bearer ${open.secret}' ${location.origin}/v1/whoami`}
          />
        </OnceSecret>
      )}
    </Section>
  );
}

/** Whether a credential still holds, and for how long. */
export function Held({
  of,
  soonMs = 7 * 86400e3,
}: {
  of: { expiresMs: number; revokedMs: number };
  /** Less left than this wants attention. */
  soonMs?: number;
}) {
  const now = useNow();
  if (of.revokedMs > 0) return <span className="t3">Revoked</span>;
  if (of.expiresMs > 0 && of.expiresMs <= now) return <span className="t3">Expired</span>;
  const left = of.expiresMs - now;
  const soon = of.expiresMs > 0 && left < soonMs;
  return (
    <span className={soon ? "warn-text" : "good"}>
      {of.expiresMs > 0 ? `Holds for ${duration(left)}` : "Holds"}
    </span>
  );
}

function NewKey({
  tenant,
  onClose,
  onMade,
}: {
  tenant: string;
  onClose: () => void;
  onMade: (name: string, secret: string) => void;
}) {
  const [name, setName] = useState("");
  const [roles, setRoles] = useState<string[]>(["viewer"]);
  const [scopes, setScopes] = useState<string[]>([]);
  const [days, setDays] = useState("90");
  const made = useChange(
    "keys",
    tenant,
    () => createApiKey(tenant, { name: name.trim(), roles, scopes, validDays: Number(days) }),
    (answer) => onMade(name, answer.secret),
  );
  return (
    <FormDialog
      title="New API key"
      verb="Create key"
      wide
      busy={made.isPending}
      blocked={name.trim() === "" || roles.length === 0}
      error={made.error}
      failed="The key was not created."
      onSubmit={() => made.mutate(undefined)}
      onClose={onClose}
    >
      <Field label="Name" of="name" error={made.error} hint="What it is for, as: nightly report">
        {(id, described) => (
          <input
            id={id}
            aria-describedby={described}
            value={name}
            maxLength={200}
            required
            autoComplete="off"
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Roles roles={roles} onRoles={setRoles} />
      <Choices
        legend="Limit to"
        choices={SCOPES}
        chosen={scopes}
        onChoose={setScopes}
        hint="None chosen: all that the roles allow."
      />
      <Field label="Ends after, days" of="valid_days" error={made.error} hint={`1 to ${LONGEST_DAYS}`}>
        {(id, described) => (
          <input
            id={id}
            aria-describedby={described}
            type="number"
            min={1}
            max={LONGEST_DAYS}
            required
            value={days}
            onChange={(event) => setDays(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}

function RevokeKey({ tenant, apiKey, onClose }: { tenant: string; apiKey: ApiKey; onClose: () => void }) {
  const gone = useChange(
    "keys",
    tenant,
    () => revokeApiKey(tenant, apiKey.keyId),
    () => {
      toast("Key revoked");
      onClose();
    },
  );
  return (
    <ConfirmDialog
      verb="Revoke key"
      name={apiKey.name}
      busy={gone.isPending}
      error={gone.error}
      onConfirm={() => gone.mutate(undefined)}
      onClose={onClose}
    >
      Calls with it are refused from now on. This cannot be taken back.
    </ConfirmDialog>
  );
}
