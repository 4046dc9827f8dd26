import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { ApiError } from "../api/fetchJson";
import {
  type Certificate,
  deleteTenant,
  getQuotas,
  getRetention,
  type Quotas,
  type Retention,
  renameTenant,
  resumeTenant,
  setQuotas,
  setRetention,
  suspendTenant,
  type Tenant,
} from "../api/tenants";
import { GuardedButton, roleNeeded } from "../app/permissions";
import { toast } from "../app/toast";
import { may, useSession } from "../app/useSession";
import { Icon } from "../parts/Icon";
import { bytes } from "../parts/numbers";
import { ErrorBox, Skeleton } from "../parts/states";
import { TextField } from "../parts/TextField";
import { When } from "../parts/When";
import { HostileText } from "../text/HostileText";
import { ConfirmChange } from "./ConfirmChange";
import { ConfirmDialog } from "./ConfirmDialog";
import { QUOTAS, quotaOf, quotaText } from "./quotas";
import { useChange } from "./useChange";

/** What is set for one tenant: name, retention for each table, quotas; and its end. */
export function TenantPanel({
  of,
  tenant,
  onClose,
  onDeleted,
}: {
  /** The tenant whose pages these are; the list is kept under it. */
  of: string;
  tenant: Tenant;
  onClose: () => void;
  onDeleted: (certificate: Certificate) => void;
}) {
  return (
    <aside className="admin-side" aria-label="Tenant">
      <header className="dialog-head">
        <h2 className="m">
          <HostileText text={tenant.tenantId} />
        </h2>
        <span className="sp" />
        <button type="button" className="btn q" onClick={onClose} aria-label="Close">
          <Icon name="x" />
        </button>
      </header>
      {tenant.deletedMs > 0 ? (
        <p className="t2 side-part">This tenant is deleted. Its audit log stays.</p>
      ) : (
        <>
          <Name of={of} tenant={tenant} />
          <RetentionPart tenant={tenant.tenantId} />
          <QuotasPart tenant={tenant.tenantId} />
          <Suspension of={of} tenant={tenant} />
          <End of={of} tenant={tenant} onDeleted={onDeleted} />
        </>
      )}
    </aside>
  );
}

/** A form that can be sent once something in it differs. */
function Part({
  title,
  about,
  permission,
  changed,
  wrong = false,
  busy,
  error,
  onSave,
  children,
}: {
  title: string;
  about: string;
  permission: string;
  changed: boolean;
  wrong?: boolean;
  busy: boolean;
  error: Error | null;
  onSave: () => void;
  children: (locked: boolean) => ReactNode;
}) {
  const allowed = may(useSession(), permission);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (changed && !wrong && !busy) onSave();
  };
  return (
    <form className="side-part" onSubmit={submit}>
      <h3 className="h">
        {title} <span className="t3">{about}</span>
      </h3>
      {children(!allowed)}
      {error && <ErrorBox what="Nothing was changed." error={error} />}
      {error instanceof ApiError &&
        error.violations.map((each) => (
          <p key={each.field} className="bad">
            <HostileText text={`${each.field} ${each.description}`} />
          </p>
        ))}
      {allowed ? (
        <button type="submit" className="btn" disabled={!changed || wrong || busy}>
          Save {title.toLowerCase()}
        </button>
      ) : (
        <p className="t3">{roleNeeded(permission)}</p>
      )}
    </form>
  );
}

function Name({ of, tenant }: { of: string; tenant: Tenant }) {
  const [name, setName] = useState(tenant.displayName);
  const kept = useChange(
    "tenants",
    of,
    () => renameTenant(tenant.tenantId, name.trim()),
    () => toast("Name saved"),
  );
  return (
    <Part
      title="Name"
      about="for people"
      permission="tenants_manage"
      changed={name.trim() !== tenant.displayName}
      busy={kept.isPending}
      error={kept.error}
      onSave={() => kept.mutate(undefined)}
    >
      {(locked) => (
        <input
          aria-label="Name"
          value={name}
          maxLength={200}
          readOnly={locked}
          onChange={(event) => setName(event.target.value)}
        />
      )}
    </Part>
  );
}

function RetentionPart({ tenant }: { tenant: string }) {
  const query = useQuery({
    queryKey: ["retention", tenant],
    queryFn: ({ signal }) => getRetention(tenant, signal),
  });
  if (query.error) return <Unread what="Retention" error={query.error} onRetry={() => query.refetch()} />;
  if (!query.data) return <Skeleton rows={2} label="Loading retention" />;
  return <RetentionForm tenant={tenant} set={query.data} />;
}

const TABLES: readonly { name: keyof Retention; label: string }[] = [
  { name: "eventsDays", label: "Events" },
  { name: "alertsDays", label: "Alerts" },
];

function RetentionForm({ tenant, set }: { tenant: string; set: Retention }) {
  const client = useQueryClient();
  const [days, setDays] = useState<Record<keyof Retention, string>>({
    eventsDays: String(set.eventsDays),
    alertsDays: String(set.alertsDays),
  });
  const asked: Retention = { eventsDays: Number(days.eventsDays), alertsDays: Number(days.alertsDays) };
  const wrong = TABLES.some(({ name }) => !/^\d+$/.test(days[name]) || asked[name] > 3650);
  const shorter = TABLES.filter(
    ({ name }) => asked[name] > 0 && (set[name] === 0 || asked[name] < set[name]) && !wrong,
  );
  const kept = useMutation({
    mutationFn: () => setRetention(tenant, asked),
    onSuccess: (answer) => {
      client.setQueryData(["retention", tenant], answer);
      toast("Retention saved");
    },
  });
  return (
    <Part
      title="Retention"
      about="days that rows are kept, 0 keeps them forever"
      permission="tenant_configure"
      changed={TABLES.some(({ name }) => asked[name] !== set[name])}
      wrong={wrong}
      busy={kept.isPending}
      error={kept.error}
      onSave={() => kept.mutate()}
    >
      {(locked) => (
        <>
          {TABLES.map(({ name, label }) => (
            <label key={name} className="side-line">
              <span>{label}</span>
              <input
                inputMode="numeric"
                value={days[name]}
                maxLength={4}
                readOnly={locked}
                onChange={(event) => setDays({ ...days, [name]: event.target.value.trim() })}
              />
              <span className="t3">days</span>
            </label>
          ))}
          {wrong && <p className="bad">Whole days, 0 to 3,650.</p>}
          {shorter.length > 0 && (
            <p className="warn-text">
              Older {shorter.map((each) => each.label.toLowerCase()).join(" and ")} are deleted, and cannot be
              brought back.
            </p>
          )}
        </>
      )}
    </Part>
  );
}

function QuotasPart({ tenant }: { tenant: string }) {
  const query = useQuery({
    queryKey: ["quotas", tenant],
    queryFn: ({ signal }) => getQuotas(tenant, signal),
  });
  if (query.error) return <Unread what="Quotas" error={query.error} onRetry={() => query.refetch()} />;
  if (!query.data) return <Skeleton rows={5} label="Loading quotas" />;
  return <QuotasForm tenant={tenant} set={query.data} />;
}

function QuotasForm({ tenant, set }: { tenant: string; set: Quotas }) {
  const client = useQueryClient();
  const [texts, setTexts] = useState(() => QUOTAS.map(({ name }) => quotaText(set[name])));
  const limits = texts.map(quotaOf);
  const wrong = limits.some((limit) => Number.isNaN(limit));
  const asked = Object.fromEntries(
    QUOTAS.map(({ name }, at) => [name, limits[at]] as const).filter(([, limit]) => limit !== undefined),
  ) as Quotas;
  const kept = useMutation({
    mutationFn: () => setQuotas(tenant, asked),
    onSuccess: (answer) => {
      client.setQueryData(["quotas", tenant], answer);
      toast("Quotas saved");
    },
  });
  return (
    <Part
      title="Quotas"
      about="empty is unlimited"
      permission="tenants_manage"
      changed={QUOTAS.some(({ name }, at) => limits[at] !== set[name])}
      wrong={wrong}
      busy={kept.isPending}
      error={kept.error}
      onSave={() => kept.mutate()}
    >
      {(locked) => (
        <>
          {QUOTAS.map(({ name, label, unit }, at) => (
            <label key={name} className="side-line">
              <span>{label}</span>
              <input
                inputMode="numeric"
                value={texts[at]}
                placeholder={name === "burstSeconds" ? "10" : "unlimited"}
                maxLength={24}
                readOnly={locked}
                onChange={(event) => setTexts(texts.map((text, i) => (i === at ? event.target.value : text)))}
              />
              <span className="t3">
                {name.startsWith("bytes") && limits[at] ? `${bytes(limits[at])} ${unit}` : unit}
              </span>
            </label>
          ))}
          {wrong && <p className="bad">Whole numbers without a sign, or nothing.</p>}
        </>
      )}
    </Part>
  );
}

function Unread({ what, error, onRetry }: { what: string; error: Error; onRetry: () => void }) {
  return (
    <div className="side-part">
      <ErrorBox what={`${what} could not be read.`} error={error} onRetry={onRetry} />
    </div>
  );
}

/** Holds a tenant's data back at the door, or lets it in again. */
function Suspension({ of, tenant }: { of: string; tenant: Tenant }) {
  const [asked, setAsked] = useState(false);
  const [reason, setReason] = useState("");
  const suspended = tenant.suspendedMs > 0;
  const changed = useChange(
    "tenants",
    of,
    () => (suspended ? resumeTenant(tenant.tenantId) : suspendTenant(tenant.tenantId, reason.trim())),
    () => {
      setAsked(false);
      setReason("");
      toast(suspended ? "Tenant resumed" : "Tenant suspended");
    },
  );
  return (
    <div className="side-part">
      <h3 className="h">
        Suspension{" "}
        <span className={suspended ? "warn-text" : "t3"}>
          {suspended ? (
            <>
              since <When ms={tenant.suspendedMs} />
            </>
          ) : (
            "nothing comes in, what is there stays"
          )}
        </span>
      </h3>
      {tenant.tenantId === "system" ? (
        <p className="t3">Operators cannot suspend themselves.</p>
      ) : suspended ? (
        <GuardedButton
          permission="tenants_manage"
          disabled={changed.isPending}
          onClick={() => changed.mutate(undefined)}
        >
          Resume tenant
        </GuardedButton>
      ) : (
        <GuardedButton permission="tenants_manage" onClick={() => setAsked(true)}>
          Suspend tenant
        </GuardedButton>
      )}
      {suspended && changed.error && <ErrorBox what="Nothing was changed." error={changed.error} />}
      {asked && (
        <ConfirmDialog
          verb="Suspend tenant"
          name={tenant.tenantId}
          busy={changed.isPending}
          error={changed.error}
          onConfirm={() => changed.mutate(undefined)}
          onClose={() => setAsked(false)}
        >
          <p>
            Agents wait and keep what they can, keys are refused. What is stored stays, people go on working
            with it. Resume it to let events in again.
          </p>
          <TextField
            label="Reason"
            hint="For the audit log"
            value={reason}
            maxLength={200}
            onValue={setReason}
          />
        </ConfirmDialog>
      )}
    </div>
  );
}

function End({
  of,
  tenant,
  onDeleted,
}: {
  of: string;
  tenant: Tenant;
  onDeleted: (certificate: Certificate) => void;
}) {
  const [asked, setAsked] = useState(false);
  const own = tenant.tenantId === "system";
  return (
    <div className="side-part">
      <h3 className="h">
        End <span className="t3">deletes everywhere, for good</span>
      </h3>
      {own ? (
        <p className="t3">The operators' own tenant stays as long as the installation.</p>
      ) : (
        <GuardedButton permission="tenants_manage" className="d" onClick={() => setAsked(true)}>
          Delete tenant
        </GuardedButton>
      )}
      {asked && (
        <ConfirmChange
          of="tenants"
          tenant={of}
          verb="Delete tenant"
          name={tenant.tenantId}
          typed
          change={() => deleteTenant(tenant.tenantId, tenant.tenantId)}
          onDone={onDeleted}
          onClose={() => setAsked(false)}
        >
          Its events, alerts, users, keys and settings are deleted everywhere. Nothing brings them back. Its
          audit log stays, and a signed certificate says what went.
        </ConfirmChange>
      )}
    </div>
  );
}
