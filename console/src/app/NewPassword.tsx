import { useEffect, useId, useRef, useState } from "react";

const SHORTEST = 12;
const DIFFER = "\0";

/** Why a new password is not sent; the server knows common ones too. */
export function newPasswordProblem(next: string, old: string): string {
  if (next === DIFFER) return "The two new passwords differ.";
  if (next.length < SHORTEST)
    return `A password has at least ${SHORTEST} characters; a few words are easiest.`;
  return next === old ? "The new password is the old one." : "";
}

/** A new password, typed twice. */
export function NewPassword({
  onValue,
  focus = false,
}: {
  onValue: (next: string) => void;
  focus?: boolean;
}) {
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const first = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => onValue(next === again ? next : DIFFER), [next, again, onValue]);
  useEffect(() => {
    if (focus) first.current?.focus();
  }, [focus]);
  return (
    <>
      <label htmlFor={`${id}-next`}>New password</label>
      <input
        ref={first}
        id={`${id}-next`}
        type="password"
        autoComplete="new-password"
        aria-describedby={`${id}-hint`}
        maxLength={128}
        required
        value={next}
        onChange={(event) => setNext(event.target.value)}
      />
      <label htmlFor={`${id}-again`}>New password again</label>
      <input
        id={`${id}-again`}
        type="password"
        autoComplete="new-password"
        maxLength={128}
        required
        value={again}
        onChange={(event) => setAgain(event.target.value)}
      />
      <p className="t3" id={`${id}-hint`}>
        12 to 128 characters, not a common one, without your name.
      </p>
    </>
  );
}
