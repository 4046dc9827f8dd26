import { useState } from "react";
import { Link } from "wouter";
import { type Certificate, createTenant, listTenants, type Tenant } from "../api/tenants";
import { routes } from "../app/routes";
import { useUrlState } from "../app/urlState";
import { FormDialog } from "../parts/FormDialog";
import { EmptyState } from "../parts/states";
import { TextField } from "../parts/TextField";
import { When } from "../parts/When";
import { plain } from "../text/defang";
import { HostileText } from "../text/HostileText";
import { AdminList, useListed } from "./AdminList";
import { CertificateDialog } from "./CertificateDialog";
import { TenantPanel } from "./TenantPanel";
import { useChange } from "./useChange";

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** All tenants for operators, one's own for everyone else; the chosen one with what is set for it. */
export function Tenants({ tenant }: { tenant: string }) {
  const [url, change] = useUrlState();
  const [creating, setCreating] = useState(false);
  const [certificate, setCertificate] = useState<Certificate | null>(null);
  const selected = url.get("sel") ?? "";
  const list = useListed(
    "tenants",
    tenant,
    (_, signal) => listTenants(signal),
    (each) => [each.tenantId, each.displayName],
  );
  const chosen = list.query.data?.find((each) => each.tenantId === selected);
  return (
    <div className={`admin-split${chosen ? " has-side" : ""}`}>
      <AdminList
        title="Tenants"
        about="Who shares this installation, apart from each other"
        one="tenant"
        list={list}
        create={{ may: "tenants_manage", onCreate: () => setCreating(true) }}
        empty={<EmptyState title="There is no tenant that you may see." />}
        foot="An id is never used again"
        keyOf={(each) => each.tenantId}
        selected={selected}
        columns={[
          {
            name: "Id",
            kind: "m",
            cell: (each) => (
              <button
                type="button"
                className="btn q m"
                aria-expanded={each.tenantId === selected}
                onClick={() => change({ sel: each.tenantId === selected ? null : each.tenantId })}
              >
                <HostileText text={each.tenantId} />
              </button>
            ),
          },
          { name: "Name", cell: (each) => <HostileText text={each.displayName} /> },
          {
            name: "State",
            kind: "state",
            cell: (each) =>
              each.deletedMs > 0 ? (
                <span className="t3">Deleted</span>
              ) : each.suspendedMs > 0 ? (
                <span className="warn-text">Suspended</span>
              ) : (
                <span className="good">Active</span>
              ),
          },
          { name: "Created", kind: "when", cell: (each) => <When ms={each.createdMs} /> },
          {
            name: "Actions",
            kind: "acts",
            cell: (each) =>
              each.deletedMs === 0 && (
                <>
                  <GoTo tenant={each} section="users" name="Users" />
                  <Link
                    className="btn q"
                    href={routes.alerts(each.tenantId)}
                    aria-label={`Alerts of ${plain(each.tenantId, 60)}`}
                  >
                    Alerts
                  </Link>
                </>
              ),
          },
        ]}
      >
        {creating && <NewTenant tenant={tenant} onClose={() => setCreating(false)} />}
        {certificate && <CertificateDialog certificate={certificate} onClose={() => setCertificate(null)} />}
      </AdminList>
      {chosen && (
        <TenantPanel
          key={chosen.tenantId}
          of={tenant}
          tenant={chosen}
          onClose={() => change({ sel: null })}
          onDeleted={setCertificate}
        />
      )}
    </div>
  );
}

function GoTo({ tenant, section, name }: { tenant: Tenant; section: string; name: string }) {
  return (
    <Link
      className="btn q"
      href={routes.admin(tenant.tenantId, section)}
      aria-label={`${name} of ${plain(tenant.tenantId, 60)}`}
    >
      {name}
    </Link>
  );
}

function NewTenant({ tenant, onClose }: { tenant: string; onClose: () => void }) {
  const [, change] = useUrlState();
  const [tenantId, setTenantId] = useState("");
  const [displayName, setDisplayName] = useState("");
  const wrong = tenantId !== "" && !ID.test(tenantId);
  const made = useChange(
    "tenants",
    tenant,
    () => createTenant({ tenantId, displayName: displayName.trim() }),
    (created) => {
      onClose();
      change({ sel: created.tenantId });
    },
  );
  return (
    <FormDialog
      title="New tenant"
      verb="Create tenant"
      busy={made.isPending}
      blocked={tenantId === "" || wrong}
      error={made.error}
      failed="The tenant was not created."
      onSubmit={() => made.mutate(undefined)}
      onClose={onClose}
    >
      <TextField
        label="Id"
        of="tenant_id"
        error={made.error}
        hint="1 to 64 letters, digits or . _ - for addresses and events; cannot be changed or used again"
        wrong={wrong}
        exact
        value={tenantId}
        maxLength={64}
        required
        onValue={setTenantId}
      />
      <TextField
        label="Name"
        of="display_name"
        error={made.error}
        hint="For people, as: Northwind Energy"
        value={displayName}
        maxLength={200}
        onValue={setDisplayName}
      />
    </FormDialog>
  );
}
