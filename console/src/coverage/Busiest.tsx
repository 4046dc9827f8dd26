import { whole } from "../parts/numbers";
import { HostileText } from "../text/HostileText";
import type { Cell } from "./proof";

/** The techniques with the most alerts, while none is chosen. */
export function Busiest({
  cells,
  onChoose,
}: {
  cells: ReadonlyMap<string, Cell>;
  onChoose: (technique: string) => void;
}) {
  const fired = [...cells.values()].filter((cell) => cell.alerts > 0).sort((a, b) => b.alerts - a.alerts);
  const top = Math.max(1, fired[0]?.alerts ?? 1);
  return (
    <aside className="pv" aria-label="Busiest techniques">
      <div className="pvh">
        <h2>Busiest techniques</h2>
        <div className="pvm">
          <span className="t3">Choose a technique to see its rules and alerts.</span>
        </div>
      </div>
      <div className="pvb" role="region" aria-label="Busiest techniques" tabIndex={0}>
        <section className="sec">
          {fired.length === 0 && <p className="t2">None fired in this time.</p>}
          <ul className="tops">
            {fired.slice(0, 24).map((cell) => (
              <li key={cell.id}>
                <button type="button" onClick={() => onChoose(cell.id)}>
                  <i className={`cell ${cell.state}`} />
                  <span className="el">
                    <span className="m">
                      <HostileText text={cell.id} />
                    </span>{" "}
                    {cell.name}
                  </span>
                  <span className="bar" aria-hidden="true">
                    <i className="acc" style={{ transform: `scaleX(${cell.alerts / top})` }} />
                  </span>
                  <span className="num">{whole(cell.alerts)}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </aside>
  );
}
