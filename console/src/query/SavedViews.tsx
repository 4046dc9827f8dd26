import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { deleteSavedFilter, listSavedFilters, type SavedFilter, saveFilter } from "../api/savedFilters";
import { roleNeeded } from "../app/permissions";
import { toast } from "../app/toast";
import { may, useSession } from "../app/useSession";
import { Menu } from "../parts/Menu";
import { HostileText } from "../text/HostileText";
import { shortName } from "../triage/verdicts";

const SaveDialog = lazy(() => import("./SaveDialog"));

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** `view` in the address is a level or the id of a saved filter. */
export const isSavedId = (view: string): boolean => UUID.test(view);

const key = (tenant: string) => ["saved-filters", tenant];

export function useSavedFilters(tenant: string) {
  return useQuery({
    queryKey: key(tenant),
    queryFn: ({ signal }) => listSavedFilters(tenant, signal),
    staleTime: 60_000,
    retry: false,
  });
}

/** Saved filters to choose from, and the query at hand to save as one. */
export function SavedViews({
  tenant,
  view,
  query,
  onView,
}: {
  tenant: string;
  /** Id of the chosen one, empty for none. */
  view: string;
  /** What the query bar holds. */
  query: string;
  onView: (id: string, query: string) => void;
}) {
  const list = useSavedFilters(tenant);
  const allowed = may(useSession(), "alerts_triage");
  const [editing, setEditing] = useState<SavedFilter | "new" | null>(null);
  const saved = list.data ?? [];
  const chosen = saved.find((each) => each.filterId === view);
  const edited = chosen !== undefined && chosen.query !== query;
  return (
    <>
      <Menu
        label="Saved filters"
        choices={saved.map((each) => ({
          value: each.filterId,
          label: <Label filter={each} />,
        }))}
        value={view}
        onChoose={(id) => onView(id, saved.find((each) => each.filterId === id)?.query ?? "")}
        extra={(close) => (
          <div className="menu-form">
            {saved.length === 0 && (
              <p className="t3">
                {list.error ? "Saved filters could not be read." : "No filter is saved yet."}
              </p>
            )}
            {list.error && (
              <button type="button" className="btn" onClick={() => list.refetch()}>
                Retry
              </button>
            )}
            {allowed ? (
              <>
                <button
                  type="button"
                  className="btn"
                  disabled={query === ""}
                  onClick={() => {
                    close();
                    setEditing("new");
                  }}
                >
                  Save this query
                </button>
                {chosen?.mine && (
                  <button
                    type="button"
                    className="btn"
                    onClick={() => {
                      close();
                      setEditing(chosen);
                    }}
                  >
                    {edited ? "Save the change, rename, delete" : "Rename, share, delete"}
                  </button>
                )}
              </>
            ) : (
              <p className="t3">To save: {roleNeeded("alerts_triage").toLowerCase()}</p>
            )}
          </div>
        )}
      >
        <span className="el view-name">{chosen ? <HostileText text={chosen.name} /> : "Filters"}</span>
        {edited && <span className="t3">changed</span>}
      </Menu>
      {editing && (
        <Suspense fallback={null}>
          <Editing
            tenant={tenant}
            filter={editing === "new" ? null : editing}
            query={query}
            taken={(name) => saved.some((each) => each.mine && each !== editing && each.name === name)}
            onClose={() => setEditing(null)}
            onView={onView}
          />
        </Suspense>
      )}
    </>
  );
}

function Label({ filter }: { filter: SavedFilter }) {
  return (
    <span className="view-label">
      <span className="el">
        <HostileText text={filter.name} />
      </span>
      {filter.shared && (
        <span className="t3">
          shared{!filter.mine && " by "}
          {!filter.mine && <HostileText text={shortName(filter.owner)} />}
        </span>
      )}
    </span>
  );
}

function Editing({
  tenant,
  filter,
  query,
  taken,
  onClose,
  onView,
}: {
  tenant: string;
  filter: SavedFilter | null;
  query: string;
  taken: (name: string) => boolean;
  onClose: () => void;
  onView: (id: string, query: string) => void;
}) {
  const client = useQueryClient();
  const after = async (words: string) => {
    await client.invalidateQueries({ queryKey: key(tenant) });
    toast(words);
    onClose();
  };
  const save = useMutation({
    mutationFn: (said: { name: string; shared: boolean }) =>
      saveFilter(tenant, filter?.filterId ?? "", { ...said, query }),
    onSuccess: async (made) => {
      await after("Filter saved");
      onView(made.filterId, made.query);
    },
  });
  const remove = useMutation({
    mutationFn: () => deleteSavedFilter(tenant, filter?.filterId ?? ""),
    onSuccess: async () => {
      onView("", query);
      await after("Filter deleted");
    },
  });
  return (
    <SaveDialog
      filter={filter}
      query={query}
      taken={taken}
      busy={save.isPending || remove.isPending}
      error={save.error ?? remove.error}
      onSave={(said) => save.mutate(said)}
      onDelete={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
