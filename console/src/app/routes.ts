/** Every address of the console. Data enters only as an encoded path segment or parameter. */
const enc = encodeURIComponent;

export const routes = {
  alerts: (tenant: string, search = "") => `/t/${enc(tenant)}/alerts${search}`,
  alert: (tenant: string, id: string, search = "") => `/t/${enc(tenant)}/alerts/${enc(id)}${search}`,
  rules: (tenant: string, search = "") => `/t/${enc(tenant)}/rules${search}`,
  rule: (tenant: string, id: string) => `/t/${enc(tenant)}/rules/${enc(id)}`,
  workbench: (tenant: string, id = "new") => `/t/${enc(tenant)}/rules/${enc(id)}/edit`,
  coverage: (tenant: string, search = "") => `/t/${enc(tenant)}/coverage${search}`,
  admin: (tenant: string, section = "tenants") => `/t/${enc(tenant)}/admin/${enc(section)}`,
  settings: (tenant: string) => `/t/${enc(tenant)}/settings`,
  audit: (tenant: string, search = "") => `/t/${enc(tenant)}/admin/audit${search}`,
  pipeline: (tenant: string, part = "") => `/t/${enc(tenant)}/pipeline${part && `/${part}`}`,
};

/** The queue with a query and, unless told otherwise, the default range. */
export function alertsWith(tenant: string, q: string, from = ""): string {
  const params = new URLSearchParams();
  if (q) params.set("q", q);
  if (from) params.set("from", from);
  const search = params.toString();
  return routes.alerts(tenant, search ? `?${search}` : "");
}
