import type { FormEvent, ReactNode } from "react";
import { ApiError } from "../api/fetchJson";
import { roleNeeded } from "../app/permissions";
import { may, useSession } from "../app/useSession";
import { ErrorBox } from "../parts/states";
import { HostileText } from "../text/HostileText";

/** A form that can be sent once something in it differs. */
export function SettingForm({
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
