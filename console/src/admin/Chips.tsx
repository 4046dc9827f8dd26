import { HostileText } from "../text/HostileText";

/** Names beside one another: roles, scopes. */
export function Chips({ names }: { names: readonly string[] }) {
  return (
    <span className="chips">
      {names.map((name) => (
        <span key={name} className="chip">
          <HostileText text={name} />
        </span>
      ))}
    </span>
  );
}
