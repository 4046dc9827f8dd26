import { type ReactNode, useId } from "react";
import type { Session } from "../api/session";
import { EmptyState, Skeleton } from "../parts/states";
import { plain } from "../text/defang";
import { may, useSession, useSessionKnown } from "./useSession";

/** Who has a permission, as the table in docs/reference/control-api.md has it; the server decides. */
const ROLE_NEEDED: Record<string, string> = {
  rules_read: "the role viewer, analyst, engineer, responder, approver or admin",
  rules_write: "the role engineer or admin",
  alerts_triage: "the role analyst, engineer, responder or admin",
  tenant_read: "any role",
  agents_read: "the role viewer, analyst, engineer, responder, approver or admin",
  agents_manage: "the role engineer or admin",
  response_request: "the role responder or admin",
  usage_read: "the role billing or admin",
  tenants_manage: "an operator: a user of tenant system with the role admin",
};

export function roleNeeded(permission: string): string {
  return `Needs ${ROLE_NEEDED[permission] ?? "the role admin"}.`;
}

/** What the caller has instead. */
function rolesHeld(session: Session | null): string {
  if (!session?.roles) return "";
  return session.roles.length > 0 ? `You have ${plain(session.roles.join(", "))}.` : "You have no role.";
}

/** A button that says which role it needs when the caller may not. */
export function GuardedButton({
  permission,
  onClick,
  className = "",
  disabled = false,
  label,
  children,
}: {
  permission: string;
  onClick: () => void;
  className?: string;
  disabled?: boolean;
  /** For people who hear the page, where the button alone does not say what it is about. */
  label?: string;
  children: ReactNode;
}) {
  const session = useSession();
  const allowed = may(session, permission);
  const id = useId();
  if (allowed) {
    return (
      <button
        type="button"
        className={`btn ${className}`}
        disabled={disabled}
        aria-label={label}
        onClick={onClick}
      >
        {children}
      </button>
    );
  }
  const reason = roleNeeded(permission);
  return (
    <>
      <button
        type="button"
        className="btn"
        aria-disabled="true"
        aria-label={label}
        aria-describedby={id}
        title={reason}
      >
        {children}
      </button>
      <span id={id} className="vh">
        {reason}
      </span>
    </>
  );
}

/** A page for those who may not see it: what it would be, and which role it needs. */
export function NeedsPermission({
  permission,
  what,
  children,
}: {
  permission: string;
  what: string;
  children: ReactNode;
}) {
  const session = useSession();
  if (!useSessionKnown()) return <Skeleton rows={8} label={`Loading ${what}`} />;
  if (may(session, permission)) return children;
  return (
    <EmptyState title={`${what} are not shown to you.`}>
      <p className="t2">
        {roleNeeded(permission)} {rolesHeld(session)}
      </p>
    </EmptyState>
  );
}
