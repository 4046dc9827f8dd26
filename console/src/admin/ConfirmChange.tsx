import type { ReactNode } from "react";
import { ConfirmDialog } from "./ConfirmDialog";
import { useChange } from "./useChange";

/** Changes the list `of` once somebody has confirmed it, and closes. */
export function ConfirmChange<R>({
  of,
  tenant,
  change,
  onDone,
  onClose,
  ...dialog
}: {
  of: string;
  tenant: string;
  change: () => Promise<R>;
  onDone: (answer: R) => void;
  onClose: () => void;
  verb: string;
  name: string;
  typed?: boolean;
  children: ReactNode;
}) {
  const asked = useChange(of, tenant, change, (answer) => {
    onClose();
    onDone(answer);
  });
  return (
    <ConfirmDialog
      {...dialog}
      busy={asked.isPending}
      error={asked.error}
      onConfirm={() => asked.mutate(undefined)}
      onClose={onClose}
    />
  );
}
