import type { Quotas } from "../api/tenants";

export const QUOTAS: readonly { name: keyof Quotas; label: string; unit: string }[] = [
  { name: "eventsPerSecond", label: "Events", unit: "a second" },
  { name: "bytesPerSecond", label: "Bytes", unit: "a second" },
  { name: "burstSeconds", label: "Burst", unit: "seconds of that at once" },
  { name: "bytesPerDay", label: "Bytes", unit: "a day" },
  { name: "users", label: "Users", unit: "" },
  { name: "apiKeys", label: "API keys", unit: "" },
  { name: "rules", label: "Rules", unit: "" },
];

/** Nothing is unlimited; NaN is what cannot be a quota. */
export function quotaOf(text: string): number | undefined {
  const digits = text.replaceAll(/[\s,_]/g, "");
  if (digits === "") return undefined;
  const count = /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
  return Number.isSafeInteger(count) ? count : Number.NaN;
}

export const quotaText = (limit: number | undefined): string => (limit === undefined ? "" : String(limit));
