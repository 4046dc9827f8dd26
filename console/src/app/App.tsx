import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { Redirect, Route, Switch, useParams } from "wouter";
import { AlertPage } from "../alerts/AlertPage";
import { QueuePage } from "../alerts/QueuePage";
import { ApiError } from "../api/fetchJson";
import { currentSession, useSignedOut } from "../api/session";
import { EmptyState, Skeleton } from "../parts/states";
import { ErrorBoundary } from "./ErrorBoundary";
import { routes } from "./routes";
import { Shell } from "./Shell";
import { SignIn } from "./SignIn";

const RulesPage = lazy(() => import("../rules/RulesPage"));
const WorkbenchPage = lazy(() => import("../workbench/WorkbenchPage"));
const CoveragePage = lazy(() => import("../coverage/CoveragePage"));
const AdminPage = lazy(() => import("../admin/AdminPage"));
const SettingsPage = lazy(() => import("../settings/SettingsPage"));
const PipelinePage = lazy(() => import("../pipeline/PipelinePage"));

const DEFAULT_TENANT = "default";

function newQueryClient() {
  return new QueryClient({
    defaultOptions: {
      queries: {
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 2 && error instanceof ApiError && error.retryable,
        retryDelay: (attempt) => 400 * 2 ** attempt,
      },
    },
  });
}

export function App() {
  const signedOut = useSignedOut();
  if (signedOut) return <SignIn />;
  return (
    <Switch>
      <Route path="/">
        <Home />
      </Route>
      <Route path="/t/:tenant">
        {({ tenant }) => <Redirect to={routes.alerts(decoded(tenant))} replace />}
      </Route>
      <Route path="/t/:tenant/*?">
        <Tenant />
      </Route>
      <Route>
        <NotFound />
      </Route>
    </Switch>
  );
}

/** The queue of the caller's own tenant; operators have none of their own. */
function Home() {
  const [tenant, setTenant] = useState("");
  useEffect(() => {
    let shown = true;
    currentSession().then((session) => {
      const own = session && !session.operator ? session.tenantId : "";
      if (shown) setTenant(own || DEFAULT_TENANT);
    });
    return () => {
      shown = false;
    };
  }, []);
  return tenant ? <Redirect to={routes.alerts(tenant)} replace /> : null;
}

/** One tenant's pages with a cache of their own, which goes away with them. */
function Tenant() {
  const { tenant: segment } = useParams();
  const tenant = decoded(segment || DEFAULT_TENANT);
  return <TenantPages key={tenant} tenant={tenant} />;
}

function TenantPages({ tenant }: { tenant: string }) {
  const [client] = useState(newQueryClient);
  useEffect(() => () => client.clear(), [client]);
  return (
    <QueryClientProvider client={client}>
      <Shell tenant={tenant}>
        <Switch>
          <Route path="/t/:tenant/alerts">
            <Page title="Alerts">
              <QueuePage tenant={tenant} />
            </Page>
          </Route>
          <Route path="/t/:tenant/alerts/:id">
            {({ id }) => (
              <Page title="Alert">
                <AlertPage tenant={tenant} id={decoded(id)} />
              </Page>
            )}
          </Route>
          <Route path="/t/:tenant/rules/:id/edit">
            {({ id }) => (
              <Page title="Workbench">
                <WorkbenchPage tenant={tenant} id={decoded(id)} />
              </Page>
            )}
          </Route>
          <Route path="/t/:tenant/rules/:id?">
            {({ id }) => (
              <Page title="Rules">
                <RulesPage tenant={tenant} id={decoded(id ?? "")} />
              </Page>
            )}
          </Route>
          <Route path="/t/:tenant/coverage">
            <Page title="Coverage">
              <CoveragePage tenant={tenant} />
            </Page>
          </Route>
          <Route path="/t/:tenant/pipeline/:part?">
            {({ part }) => (
              <Page title="Pipeline">
                <PipelinePage tenant={tenant} part={part ?? ""} />
              </Page>
            )}
          </Route>
          <Route path="/t/:tenant/admin/:section">
            {({ section }) => (
              <Page title={section === "audit" ? "Audit" : "Admin"}>
                <AdminPage tenant={tenant} section={decoded(section)} />
              </Page>
            )}
          </Route>
          <Route path="/t/:tenant/admin">
            <Redirect to={routes.admin(tenant)} replace />
          </Route>
          <Route path="/t/:tenant/settings">
            <Page title="Settings">
              <SettingsPage />
            </Page>
          </Route>
          <Route>
            <NotFound tenant={tenant} />
          </Route>
        </Switch>
      </Shell>
    </QueryClientProvider>
  );
}

/** A path segment as it was before it was encoded; a broken one stays as it is. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function Page({ title, children }: { title: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Tidewatch`;
  }, [title]);
  return (
    <ErrorBoundary>
      <Suspense fallback={<Skeleton rows={12} label={`Loading ${title}`} />}>{children}</Suspense>
    </ErrorBoundary>
  );
}

function NotFound({ tenant = DEFAULT_TENANT }: { tenant?: string }) {
  return (
    <main className="pg-plain">
      <EmptyState title="No page has this address.">
        <a className="btn" href={routes.alerts(tenant)}>
          Go to alerts
        </a>
      </EmptyState>
    </main>
  );
}
