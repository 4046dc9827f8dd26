import { type ComponentType, lazy, type ReactNode, Suspense } from "react";
import { Link } from "wouter";
import { NeedsPermission } from "../app/permissions";
import { routes } from "../app/routes";
import { EmptyState, Skeleton } from "../parts/states";
import { Agents } from "./Agents";
import { EnrolmentTokens } from "./EnrolmentTokens";
import { Keys } from "./Keys";
import { Tenants } from "./Tenants";
import { Usage } from "./Usage";
import { Users } from "./Users";
import { ValueLists } from "./ValueLists";

const AuditPage = lazy(() => import("../audit/AuditPage"));

interface Section {
  id: string;
  name: string;
  /** What the section shows, for people who may not see it. */
  what: string;
  permission: string;
  page: ComponentType<{ tenant: string }>;
}

const SECTIONS: readonly Section[] = [
  { id: "tenants", name: "Tenants", what: "Tenants", permission: "tenant_read", page: Tenants },
  { id: "users", name: "Users", what: "Users", permission: "access_manage", page: Users },
  { id: "keys", name: "API keys", what: "API keys", permission: "access_manage", page: Keys },
  { id: "agents", name: "Agents", what: "Agents", permission: "agents_read", page: Agents },
  {
    id: "enrolment",
    name: "Enrolment tokens",
    what: "Enrolment tokens",
    permission: "tenant_configure",
    page: EnrolmentTokens,
  },
  { id: "lists", name: "Value lists", what: "Value lists", permission: "rules_read", page: ValueLists },
  { id: "usage", name: "Usage", what: "Figures of usage", permission: "usage_read", page: Usage },
  { id: "audit", name: "Audit", what: "Audit records", permission: "audit_read", page: AuditPage },
];

/** Who may do what, what is kept, and what was done: one tenant's settings, a list of them on the left. */
export default function AdminPage({ tenant, section }: { tenant: string; section: string }) {
  const chosen = SECTIONS.find((each) => each.id === section);
  return (
    <main className="pg admin">
      <nav className="admin-nav" aria-label="Administration">
        <ul>
          {SECTIONS.map((each) => (
            <li key={each.id}>
              <Link
                href={routes.admin(tenant, each.id)}
                aria-current={each.id === section ? "page" : undefined}
              >
                {each.name}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      {chosen ? (
        <NeedsPermissionPage section={chosen}>
          <Suspense fallback={<Skeleton rows={10} label={`Loading ${chosen.name}`} />}>
            <chosen.page key={`${tenant}/${chosen.id}`} tenant={tenant} />
          </Suspense>
        </NeedsPermissionPage>
      ) : (
        <EmptyState title="No page has this address." />
      )}
    </main>
  );
}

function NeedsPermissionPage({ section, children }: { section: Section; children: ReactNode }) {
  return (
    <NeedsPermission permission={section.permission} what={section.what}>
      {children}
    </NeedsPermission>
  );
}
