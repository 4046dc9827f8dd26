import { EmptyState } from "../parts/states";
import { HostileText } from "../text/HostileText";
import { type Column, isShown, type Show, STATE_WORDS, stateWords } from "./proof";

/** The techniques by tactic, each in its state. */
export function Matrix({
  columns,
  show,
  chosen,
  onChoose,
}: {
  columns: readonly Column[];
  show: Show;
  chosen: string;
  onChoose: (technique: string) => void;
}) {
  const visible = columns.map((column) => ({
    ...column,
    cells: column.cells.filter((each) => isShown(each, show)),
    // What is proven of what could be, whatever is shown.
    proven: column.cells.filter((each) => each.state === "proven").length,
    watched: column.cells.filter((each) => each.state !== "none").length,
  }));
  if (visible.every((column) => column.cells.length === 0)) {
    return (
      <EmptyState
        title={show === "rules" ? "No rule that runs names a technique." : "No technique is in this state."}
      >
        <p className="t2">Choose a longer time, or show all techniques.</p>
      </EmptyState>
    );
  }
  return (
    <div className="matrix">
      {visible.map((column) => (
        <section key={column.id} aria-label={column.name}>
          <h2>
            {column.name}
            <span className="t3">
              {column.proven} of {column.watched} proven
            </span>
          </h2>
          <ul>
            {column.cells.map((cell) => (
              <li key={cell.id}>
                <button
                  type="button"
                  className={`cell ${cell.state}`}
                  aria-pressed={cell.id === chosen}
                  onClick={() => onChoose(cell.id === chosen ? "" : cell.id)}
                  title={`${cell.id} ${cell.name}: ${stateWords(cell)}`}
                >
                  <span className="nm">{cell.name}</span>
                  <span className="id m">
                    <HostileText text={cell.id} />
                    {cell.state !== "none" && <b>{STATE_WORDS[cell.state]}</b>}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
