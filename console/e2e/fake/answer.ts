/** What the fake says to a call. */
export interface Answer {
  status: number;
  body: unknown;
}

/** A message as it travels. */
export interface Row {
  [member: string]: unknown;
}

/** One service of a tenant: `id` is what follows its name in the path, with the verb. */
export type Service = (method: string, id: string, body: Row) => Answer;

export const HOSTILE = '<img src=x onerror="window.pwned=20">\u202e';
export const HOUR = 3600e3;
export const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
export const now = () => String(Date.now());
export const ok = (body: unknown): Answer => ({ status: 200, body });
export const refused = (
  status: number,
  code: number,
  message: string,
  violations: object[] = [],
): Answer => ({
  status,
  body: { code, message, requestId: "req-4713", violations },
});

/** What is put into every text of a world. */
export const evilOf = (tenant: string) => (tenant === "hostile" ? HOSTILE : "");
