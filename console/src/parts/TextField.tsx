import type { ComponentProps, ReactNode } from "react";
import { Field } from "./FormDialog";

/** What is taken letter by letter: ids, addresses. */
const EXACT = { className: "m", autoCapitalize: "none", spellCheck: false } as const;

/** A `Field` of one line. */
export function TextField({
  label,
  hint,
  of = "",
  error,
  exact = false,
  wrong = false,
  onValue,
  ...input
}: {
  label: string;
  hint?: ReactNode;
  of?: string;
  error?: Error | null;
  /** Taken letter by letter, as an id is. */
  exact?: boolean;
  wrong?: boolean;
  value: string;
  onValue: (value: string) => void;
} & Pick<ComponentProps<"input">, "type" | "min" | "max" | "maxLength" | "required">) {
  return (
    <Field label={label} hint={hint} of={of} error={error}>
      {(id, described) => (
        <input
          {...input}
          {...(exact && EXACT)}
          id={id}
          aria-describedby={described}
          aria-invalid={wrong || undefined}
          autoComplete="off"
          onChange={(event) => onValue(event.target.value)}
        />
      )}
    </Field>
  );
}
