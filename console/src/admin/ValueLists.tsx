import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "../api/fetchJson";
import { deleteValueList, listValueLists, putValueList, type ValueList } from "../api/tenants";
import { GuardedButton } from "../app/permissions";
import { toast } from "../app/toast";
import { useUrlState } from "../app/urlState";
import { DataTable } from "../parts/DataTable";
import { Field, FormDialog } from "../parts/FormDialog";
import { plural, whole } from "../parts/numbers";
import { EmptyState } from "../parts/states";
import { When } from "../parts/When";
import { plain } from "../text/defang";
import { HostileText } from "../text/HostileText";
import { ConfirmDialog } from "./ConfirmDialog";
import { entriesOf, problemsOf } from "./entries";
import { found, Section } from "./Section";
import { useChange } from "./useChange";

const MAY = "rules_write";
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/;

type Open = { what: "new" } | { what: "edit" | "delete"; list: ValueList };

/** Values that rules name as `%name%` behind the modifier expand. */
export function ValueLists({ tenant }: { tenant: string }) {
  const [url, change] = useUrlState();
  const [open, setOpen] = useState<Open | null>(null);
  const find = url.get("q") ?? "";
  const query = useQuery({
    queryKey: ["lists", tenant],
    queryFn: ({ signal }) => listValueLists(tenant, signal),
    // Rules have a change within about a second.
    refetchInterval: ({ state }) => (state.data?.some((list) => !list.deployed) ? 2000 : false),
  });
  const rows = found(query.data, find, (list) => [list.name, ...list.entries]);
  const close = () => setOpen(null);
  return (
    <Section
      title="Value lists"
      about="What rules name as %name% behind the modifier expand"
      one="list"
      query={query}
      rows={rows}
      find={find}
      onFind={(q) => change({ q })}
      acts={
        <GuardedButton permission={MAY} className="p" onClick={() => setOpen({ what: "new" })}>
          New list
        </GuardedButton>
      }
      empty={
        <EmptyState title="There are no value lists.">
          <p className="t2">
            A rule with <span className="m">Image|expand: '%admin_tools%'</span> takes its values from the
            list admin_tools.
          </p>
        </EmptyState>
      }
      foot="Finding looks into the values too"
    >
      <DataTable
        label="Value lists"
        rows={rows}
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
          { name: "Changed", kind: "when", cell: (list) => <When ms={list.changedMs} /> },
          { name: "Changed by", kind: "m", cell: (list) => <HostileText text={list.changedBy} /> },
          {
            name: "Actions",
            kind: "acts",
            cell: (list) =>
              (["edit", "delete"] as const).map((what) => (
                <GuardedButton
                  key={what}
                  permission={MAY}
                  className="q"
                  label={`${what === "edit" ? "Edit" : "Delete"}: ${plain(list.name, 60)}`}
                  onClick={() => setOpen({ what, list })}
                >
                  {what === "edit" ? "Edit" : "Delete"}
                </GuardedButton>
              )),
          },
        ]}
      />
      {open?.what === "new" && (
        <EditList
          tenant={tenant}
          list={null}
          taken={(name) => (query.data ?? []).some((list) => list.name === name)}
          onClose={close}
        />
      )}
      {open?.what === "edit" && (
        <EditList tenant={tenant} list={open.list} taken={() => false} onClose={close} />
      )}
      {open?.what === "delete" && <DeleteList tenant={tenant} list={open.list} onClose={close} />}
    </Section>
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
        <Field
          label="Name"
          of="name"
          error={kept.error}
          hint={nameProblem || "Letters, digits and _ . -, as rules name it between % signs"}
        >
          {(id, described) => (
            <input
              id={id}
              aria-describedby={described}
              aria-invalid={nameProblem !== ""}
              className="m"
              value={name}
              maxLength={64}
              required
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
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

function DeleteList({ tenant, list, onClose }: { tenant: string; list: ValueList; onClose: () => void }) {
  const gone = useChange(
    "lists",
    tenant,
    () => deleteValueList(tenant, list.name),
    () => {
      toast("List deleted");
      onClose();
    },
  );
  return (
    <ConfirmDialog
      verb="Delete value list"
      name={list.name}
      typed
      busy={gone.isPending}
      error={gone.error}
      onConfirm={() => gone.mutate(undefined)}
      onClose={onClose}
    >
      {plural(list.entries.length, "value")} go. It is refused while a deployed rule has no other list for its
      placeholder.
    </ConfirmDialog>
  );
}
