import { useState } from "react";
import { type ApiKey, createApiKey, listApiKeys, PERMISSIONS, revokeApiKey } from "../api/access";
import { toast } from "../app/toast";
import { Choices, FormDialog } from "../parts/FormDialog";
import { EmptyState } from "../parts/states";
import { TextField } from "../parts/TextField";
import { When } from "../parts/When";
import { HostileText } from "../text/HostileText";
import { AdminList, RowAct, useListed } from "./AdminList";
import { Chips } from "./Chips";
import { ConfirmChange } from "./ConfirmChange";
import { Held } from "./Held";
import { CopyLine, OnceSecret } from "./OnceSecret";
import { ROLE_CHOICES } from "./roles";
import { useChange } from "./useChange";

const MAY = "access_manage";
const LONGEST_DAYS = 365;
const SCOPES = PERMISSIONS.map((name) => ({ value: name as string, label: name.replaceAll("_", " ") }));

type Open =
  | { what: "new" }
  | { what: "revoke"; key: ApiKey }
  | { what: "made"; name: string; secret: string };

/** Programs that call this tenant's API. */
export function Keys({ tenant }: { tenant: string }) {
  const [open, setOpen] = useState<Open | null>(null);
  const list = useListed("keys", tenant, listApiKeys, (key) => [
    key.name,
    key.createdBy,
    ...key.roles,
    ...key.scopes,
  ]);
  const close = () => setOpen(null);
  return (
    <AdminList
      title="API keys"
      about="Programs that call the API of this tenant"
      one="key"
      list={list}
      create={{ may: MAY, onCreate: () => setOpen({ what: "new" }) }}
      empty={
        <EmptyState title="No program calls this tenant yet.">
          <p className="t2">
            A key has roles, can be limited to some of what they allow, and ends by itself.
          </p>
        </EmptyState>
      }
      foot="A key is sent as authorization: Bearer"
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
              <RowAct
                may={MAY}
                verb="Revoke"
                name={key.name}
                onAct={() => setOpen({ what: "revoke", key })}
              />
            ),
        },
      ]}
    >
      {open?.what === "revoke" && (
        <ConfirmChange
          of="keys"
          tenant={tenant}
          verb="Revoke key"
          name={open.key.name}
          change={() => revokeApiKey(tenant, open.key.keyId)}
          onDone={() => toast("Key revoked")}
          onClose={close}
        >
          Calls with it are refused from now on. This cannot be taken back.
        </ConfirmChange>
      )}
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
    </AdminList>
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
      <TextField
        label="Name"
        of="name"
        error={made.error}
        hint="What it is for, as: nightly report"
        value={name}
        maxLength={200}
        required
        onValue={setName}
      />
      <Choices legend="Roles" choices={ROLE_CHOICES} chosen={roles} onChoose={setRoles} />
      <Choices
        legend="Limit to"
        choices={SCOPES}
        chosen={scopes}
        onChoose={setScopes}
        hint="None chosen: all that the roles allow."
      />
      <TextField
        label="Ends after, days"
        of="valid_days"
        error={made.error}
        hint={`1 to ${LONGEST_DAYS}`}
        type="number"
        min={1}
        max={LONGEST_DAYS}
        required
        value={days}
        onValue={setDays}
      />
    </FormDialog>
  );
}
