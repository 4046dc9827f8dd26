import { type ReactNode, useEffect, useState } from "react";
import { ApiError } from "../api/fetchJson";
import { HostileText } from "../text/HostileText";

/** True once `wait` ms have passed: what comes sooner needs no skeleton. */
export function useLate(wait = 200): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), wait);
    return () => clearTimeout(timer);
  }, [wait]);
  return late;
}

export function Skeleton({ rows, label }: { rows: number; label: string }) {
  const late = useLate();
  return (
    <div className="skeleton" role="status" aria-label={label}>
      {late &&
        Array.from({ length: rows }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: bars are alike
          <i key={i} style={{ width: `${92 - ((i * 37) % 46)}%` }} />
        ))}
    </div>
  );
}

export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="b">{title}</p>
      {children}
    </div>
  );
}

/** An error where it happened: what, code, request, and the way on. Old data stays around it. */
export function ErrorBox({ what, error, onRetry }: { what: string; error: Error; onRetry?: () => void }) {
  const api = error instanceof ApiError ? error : null;
  return (
    <div className="error-box" role="alert">
      <p>
        <b>{what}</b> <HostileText text={error.message} />
      </p>
      <p className="t3">
        {api && <span className="m">{api.code}</span>}
        {api?.requestId && (
          <span>
            request{" "}
            <span className="m">
              <HostileText text={api.requestId} />
            </span>
          </span>
        )}
        {onRetry && (
          <button type="button" className="btn" onClick={onRetry}>
            Retry
          </button>
        )}
      </p>
    </div>
  );
}
