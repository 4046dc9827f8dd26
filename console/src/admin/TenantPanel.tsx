import { useState } from "react";
import {
  type Certificate,
  deleteTenant,
  renameTenant,
  resumeTenant,
  suspendTenant,
  type Tenant,
} from "../api/tenants";
import { GuardedButton } from "../app/permissions";
import { toast } from "../app/toast";
import { Icon } from "../parts/Icon";
import { ErrorBox } from "../parts/states";
import { TextField } from "../parts/TextField";
import { When } from "../parts/When";
import { HostileText } from "../text/HostileText";
import { ConfirmChange } from "./ConfirmChange";
import { ConfirmDialog } from "./ConfirmDialog";
import { SettingForm } from "./SettingForm";
import { QuotasSetting, RetentionSetting } from "./TenantLimits";
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
          <RetentionSetting tenant={tenant.tenantId} />
          <QuotasSetting tenant={tenant.tenantId} />
          <Suspension of={of} tenant={tenant} />
          <End of={of} tenant={tenant} onDeleted={onDeleted} />
        </>
      )}
    </aside>
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
    <SettingForm
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
    </SettingForm>
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
