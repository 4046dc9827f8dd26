import { useState } from "react";
import { ApiError } from "../api/fetchJson";
import { deleteValueList, listValueLists, putValueList, type ValueList } from "../api/tenants";
import { toast } from "../app/toast";
import { Field, FormDialog } from "../parts/FormDialog";
import { plural, whole } from "../parts/numbers";
import { EmptyState } from "../parts/states";
import { TextField } from "../parts/TextField";
import { When } from "../parts/When";
import { HostileText } from "../text/HostileText";
import { AdminList, RowAct, useListed } from "./AdminList";
import { ConfirmChange } from "./ConfirmChange";
import { entriesOf, problemsOf } from "./entries";
import { useChange } from "./useChange";

const MAY = "rules_write";
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/;

type Open = { what: "new" } | { what: "edit" | "delete"; list: ValueList };

/** Values that rules name as `%name%` behind the modifier expand. */
export function ValueLists({ tenant }: { tenant: string }) {
  const [open, setOpen] = useState<Open | null>(null);
  const all = useListed(
    "lists",
    tenant,
    listValueLists,
    (list) => [list.name, ...list.entries],
    // Rules have a change within about a second.
    (lists) => (lists.some((list) => !list.deployed) ? 2000 : 0),
  );
  const close = () => setOpen(null);
  return (
    <AdminList
      title="Value lists"
      about="What rules name as %name% behind the modifier expand"
      one="list"
      list={all}
      create={{ may: MAY, onCreate: () => setOpen({ what: "new" }) }}
      empty={
        <EmptyState title="There are no value lists.">
          <p className="t2">
            A rule with <span className="m">Image|expand: '%admin_tools%'</span> takes its values from the
            list admin_tools.
          </p>
        </EmptyState>
      }
      foot="Finding looks into the values too"
      keyOf={(list) => list.name}
      columns={[
        { name: "Name", kind: "m", cell: (list) => <HostileText text={list.name} /> },
        { name: "Values", kind: "num", cell: (list) => whole(list.entries.length) },
        {
          name: "First values",
          kind: "m",
          cell: (list) => <HostileText text={list.entries.slice(0, 6).join(", ").slice(0, 200)} />,
        },
        { name: "Version", kind: "num", cell: (list) => whole(list.version) },
        {
          name: "In the rules",
          kind: "state",
          cell: (list) =>
            list.deployed ? <span className="good">In force</span> : <span className="t2">Not yet</span>,
        },
        { name: "Named by", cell: (list) => (list.rules > 0 ? plural(list.rules, "rule") : "No rule") },
        { name: "Changed", kind: "when", cell: (list) => <When ms={list.changedMs} /> },
        { name: "Changed by", kind: "m", cell: (list) => <HostileText text={list.changedBy} /> },
        {
          name: "Actions",
          kind: "acts",
          cell: (list) =>
            (["edit", "delete"] as const).map((what) => (
              <RowAct
                key={what}
                may={MAY}
                verb={what === "edit" ? "Edit" : "Delete"}
                name={list.name}
                onAct={() => setOpen({ what, list })}
              />
            )),
        },
      ]}
    >
      {open?.what === "new" && (
        <EditList
          tenant={tenant}
          list={null}
          taken={(name) => (all.query.data ?? []).some((list) => list.name === name)}
          onClose={close}
        />
      )}
      {open?.what === "edit" && (
        <EditList tenant={tenant} list={open.list} taken={() => false} onClose={close} />
      )}
      {open?.what === "delete" && (
        <ConfirmChange
          of="lists"
          tenant={tenant}
          verb="Delete value list"
          name={open.list.name}
          typed
          change={() => deleteValueList(tenant, open.list.name, open.list.rules > 0)}
          onDone={() => toast("List deleted")}
          onClose={close}
        >
          {plural(open.list.entries.length, "value")} go.
          {open.list.rules > 0 && <UsedBy list={open.list} />} It is refused while a deployed rule has no
          other list for its placeholder.
        </ConfirmChange>
      )}
    </AdminList>
  );
}

function EditList({
  tenant,
  list,
  taken,
  onClose,
}: {
  tenant: string;
  list: ValueList | null;
  taken: (name: string) => boolean;
  onClose: () => void;
}) {
  const [name, setName] = useState(list?.name ?? "");
  const [text, setText] = useState(list?.entries.join("\n") ?? "");
  const entries = entriesOf(text);
  const problems = problemsOf(text);
  const nameProblem = !list && taken(name) ? "There is a list of this name already." : "";
  const kept = useChange(
    "lists",
    tenant,
    () => putValueList(tenant, { name, entries, baseVersion: list?.version ?? 0 }),
    () => {
      toast("List saved");
      onClose();
    },
  );
  const conflict = kept.error instanceof ApiError && kept.error.code === "ABORTED";
  return (
    <FormDialog
      title={list ? "Edit value list" : "New value list"}
      verb="Save list"
      wide
      busy={kept.isPending}
      blocked={!NAME.test(name) || nameProblem !== "" || problems.length > 0 || entries.length === 0}
      error={kept.error}
      failed={
        conflict
          ? "Somebody else changed the list. Copy your lines, close, and edit it again."
          : "The list was not saved."
      }
      onSubmit={() => kept.mutate(undefined)}
      onClose={onClose}
    >
      {list ? (
        <p className="confirm-name m">
          <HostileText text={list.name} /> <span className="t3">version {whole(list.version)}</span>
        </p>
      ) : (
        <TextField
          label="Name"
          of="name"
          error={kept.error}
          hint={nameProblem || "Letters, digits and _ . -, as rules name it between % signs"}
          wrong={nameProblem !== ""}
          exact
          value={name}
          maxLength={64}
          required
          onValue={setName}
        />
      )}
      <Field label="Values, one a line" of="entries" error={kept.error} hint={<Count text={text} />}>
        {(id, described) => (
          <textarea
            id={id}
            aria-describedby={described}
            className="m lines"
            rows={14}
            value={text}
            spellCheck={false}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      {problems.length > 0 && (
        <ul className="bad" role="alert">
          {problems.slice(0, 4).map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
    </FormDialog>
  );
}

function Count({ text }: { text: string }) {
  const entries = entriesOf(text).length;
  const lines = text.split("\n").filter((line) => line.trim() !== "").length;
  return (
    <>
      {plural(entries, "value")}
      {lines > entries && `, ${whole(lines - entries)} said twice and kept once`}
    </>
  );
}

/** What runs on the list that goes. */
function UsedBy({ list }: { list: ValueList }) {
  const more = list.rules - list.usedBy.length;
  return (
    <>
      <p>{plural(list.rules, "rule")} that run name it, and find other values without it, or none:</p>
      <ul>
        {list.usedBy.map((rule) => (
          <li key={rule.ruleId}>
            <HostileText text={rule.title} />
          </li>
        ))}
        {more > 0 && <li>and {whole(more)} more</li>}
      </ul>
    </>
  );
}
