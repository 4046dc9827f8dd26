import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import {
  getQuotas,
  getRetention,
  type Quotas,
  type Retention,
  setQuotas,
  setRetention,
} from "../api/tenants";
import { toast } from "../app/toast";
import { bytes } from "../parts/numbers";
import { ErrorBox, Skeleton } from "../parts/states";
import { QUOTAS, quotaOf, quotaText } from "./quotas";
import { SettingForm } from "./SettingForm";

/** How many days a tenant's rows are kept. */
export function RetentionSetting({ tenant }: { tenant: string }) {
  return (
    <Read name="retention" tenant={tenant} read={getRetention} rows={2}>
      {(set) => <RetentionForm tenant={tenant} set={set} />}
    </Read>
  );
}

/** What a tenant may have and send in. */
export function QuotasSetting({ tenant }: { tenant: string }) {
  return (
    <Read name="quotas" tenant={tenant} read={getQuotas} rows={5}>
      {(set) => <QuotasForm tenant={tenant} set={set} />}
    </Read>
  );
}

/** A setting as it is now, once it has been read. */
function Read<T>({
  name,
  tenant,
  read,
  rows,
  children,
}: {
  name: string;
  tenant: string;
  read: (tenant: string, signal: AbortSignal) => Promise<T>;
  rows: number;
  children: (set: T) => ReactNode;
}) {
  const query = useQuery({ queryKey: [name, tenant], queryFn: ({ signal }) => read(tenant, signal) });
  if (query.error) {
    const what = `${name[0]?.toUpperCase()}${name.slice(1)} could not be read.`;
    return (
      <div className="side-part">
        <ErrorBox what={what} error={query.error} onRetry={() => query.refetch()} />
      </div>
    );
  }
  if (query.data === undefined) return <Skeleton rows={rows} label={`Loading ${name}`} />;
  return children(query.data);
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
    <SettingForm
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
    </SettingForm>
  );
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
    <SettingForm
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
    </SettingForm>
  );
}
