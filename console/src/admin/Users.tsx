import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { createUser, deleteUser, listUsers, resetPassword, type User, updateUser } from "../api/access";
import { GuardedButton } from "../app/permissions";
import { toast } from "../app/toast";
import { useUrlState } from "../app/urlState";
import { useSession } from "../app/useSession";
import { DataTable } from "../parts/DataTable";
import { Choices, Field, FormDialog } from "../parts/FormDialog";
import { EmptyState } from "../parts/states";
import { When } from "../parts/When";
import { plain } from "../text/defang";
import { HostileText, NameText } from "../text/HostileText";
import { ConfirmDialog } from "./ConfirmDialog";
import { OnceSecret } from "./OnceSecret";
import { newPassword, ROLE_CHOICES } from "./roles";
import { found, Section } from "./Section";

const MAY = "access_manage";

type Open =
  | { what: "new" }
  | { what: "edit" | "password" | "delete"; user: User }
  | { what: "made"; name: string; password: string };

/** People who sign in to this tenant, and what they may do. */
export function Users({ tenant }: { tenant: string }) {
  const [url, change] = useUrlState();
  const [open, setOpen] = useState<Open | null>(null);
  const me = useSession()?.actor ?? "";
  const find = url.get("q") ?? "";
  const query = useQuery({
    queryKey: ["users", tenant],
    queryFn: ({ signal }) => listUsers(tenant, signal),
  });
  const rows = found(query.data, find, (user) => [user.name, user.displayName, ...user.roles]);
  const close = () => setOpen(null);
  const isMe = (user: User) => me === `user:${user.name}@${tenant}`;
  return (
    <Section
      title="Users"
      about="Who signs in here, and what they may do"
      one="user"
      query={query}
      rows={rows}
      find={find}
      onFind={(q) => change({ q })}
      acts={
        <GuardedButton permission={MAY} className="p" onClick={() => setOpen({ what: "new" })}>
          New user
        </GuardedButton>
      }
      empty={
        <EmptyState title="Nobody signs in to this tenant yet.">
          <p className="t2">
            Operators see it all the same. A new user gets a password for the first sign-in.
          </p>
        </EmptyState>
      }
      foot="They sign in as name@tenant. A new password, and disabling, end their sessions"
    >
      <DataTable
        label="Users"
        rows={rows}
        keyOf={(user) => user.userId}
        columns={[
          {
            name: "Name",
            kind: "m",
            cell: (user) => (
              <>
                <NameText text={user.name} />
                {isMe(user) && <span className="chip o">you</span>}
                {user.singleSignOn && <span className="chip o">single sign-on</span>}
              </>
            ),
          },
          { name: "Shown as", cell: (user) => <HostileText text={user.displayName} /> },
          { name: "Roles", cell: (user) => <Chips names={user.roles} /> },
          {
            name: "State",
            kind: "state",
            cell: (user) =>
              user.disabled ? (
                <span className="warn-text">Disabled</span>
              ) : user.mustChangePassword ? (
                <span className="t2">Has to change the password</span>
              ) : (
                <span className="good">Active</span>
              ),
          },
          { name: "Created", kind: "when", cell: (user) => <When ms={user.createdMs} /> },
          {
            name: "Actions",
            kind: "acts",
            cell: (user) => (
              <>
                <Act user={user} what="edit" verb="Edit" onOpen={setOpen} />
                {!user.singleSignOn && (
                  <Act user={user} what="password" verb="New password" onOpen={setOpen} />
                )}
                <Act user={user} what="delete" verb="Delete" onOpen={setOpen} />
              </>
            ),
          },
        ]}
      />
      {open?.what === "edit" && (
        <EditUser tenant={tenant} user={open.user} own={isMe(open.user)} onClose={close} />
      )}
      {open?.what === "delete" && <DeleteUser tenant={tenant} user={open.user} onClose={close} />}
      {open?.what === "password" && (
        <ResetPassword
          tenant={tenant}
          user={open.user}
          onClose={close}
          onMade={(password) => setOpen({ what: "made", name: open.user.name, password })}
        />
      )}
      {open?.what === "made" && <MadePassword tenant={tenant} {...open} onClose={close} />}
      {open?.what === "new" && (
        <NewUser
          tenant={tenant}
          onClose={close}
          onMade={(name, password) => setOpen({ what: "made", name, password })}
        />
      )}
    </Section>
  );
}

function Act({
  user,
  what,
  verb,
  onOpen,
}: {
  user: User;
  what: "edit" | "password" | "delete";
  verb: string;
  onOpen: (open: Open) => void;
}) {
  return (
    <GuardedButton
      permission={MAY}
      className="q"
      label={`${verb}: ${plain(user.name, 60)}`}
      onClick={() => onOpen({ what, user })}
    >
      {verb}
    </GuardedButton>
  );
}

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

/** Runs a change of the list `of`, which is read again after it. */
export function useChange<A, R>(
  of: string,
  tenant: string,
  change: (asked: A) => Promise<R>,
  done: (made: R) => void,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: [of, tenant] });
      done(made);
    },
  });
}

function NewUser({
  tenant,
  onClose,
  onMade,
}: {
  tenant: string;
  onClose: () => void;
  onMade: (name: string, password: string) => void;
}) {
  const [name, setName] = useState("");
  const [displayName, setDisplayName] = useState("");
  const [roles, setRoles] = useState<string[]>(["analyst"]);
  const [password] = useState(newPassword);
  const made = useChange(
    "users",
    tenant,
    () => createUser(tenant, { name: name.trim(), displayName: displayName.trim(), password, roles }),
    (user) => onMade(user.name, password),
  );
  return (
    <FormDialog
      title="New user"
      verb="Create user"
      busy={made.isPending}
      blocked={name.trim() === ""}
      error={made.error}
      failed="The user was not created."
      onSubmit={() => made.mutate(undefined)}
      onClose={onClose}
    >
      <Field label="Name" of="name" error={made.error} hint={<>Signs in as name@{plain(tenant, 60)}</>}>
        {(id, described) => (
          <input
            id={id}
            aria-describedby={described}
            className="m"
            value={name}
            maxLength={100}
            required
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <DisplayName value={displayName} error={made.error} onValue={setDisplayName} />
      <Roles roles={roles} onRoles={setRoles} />
      <p className="t2">A password is made and shown once. It has to be changed at the first sign-in.</p>
    </FormDialog>
  );
}

function DisplayName({
  value,
  error,
  onValue,
}: {
  value: string;
  error: Error | null;
  onValue: (value: string) => void;
}) {
  return (
    <Field label="Shown as" of="display_name" error={error} hint="Optional">
      {(id, described) => (
        <input
          id={id}
          aria-describedby={described}
          value={value}
          maxLength={200}
          autoComplete="off"
          onChange={(event) => onValue(event.target.value)}
        />
      )}
    </Field>
  );
}

export function Roles({ roles, onRoles }: { roles: readonly string[]; onRoles: (roles: string[]) => void }) {
  return <Choices legend="Roles" choices={ROLE_CHOICES} chosen={roles} onChoose={onRoles} />;
}

function EditUser({
  tenant,
  user,
  own,
  onClose,
}: {
  tenant: string;
  user: User;
  /** Whether this is the caller's own account, which cannot be disabled by mistake. */
  own: boolean;
  onClose: () => void;
}) {
  const [displayName, setDisplayName] = useState(user.displayName);
  const [roles, setRoles] = useState<string[]>(user.roles);
  const [disabled, setDisabled] = useState(user.disabled);
  const changed = {
    ...(displayName.trim() !== user.displayName && { displayName: displayName.trim() }),
    ...([...roles].sort().join() !== [...user.roles].sort().join() && { roles }),
    ...(disabled !== user.disabled && { disabled }),
  };
  const kept = useChange(
    "users",
    tenant,
    () => updateUser(tenant, user.userId, changed),
    () => {
      toast("User changed");
      onClose();
    },
  );
  return (
    <FormDialog
      title="Edit user"
      verb="Save"
      busy={kept.isPending}
      blocked={Object.keys(changed).length === 0}
      error={kept.error}
      failed="The user was not changed."
      onSubmit={() => kept.mutate(undefined)}
      onClose={onClose}
    >
      <p className="confirm-name m">
        <HostileText text={user.name} />
      </p>
      <DisplayName value={displayName} error={kept.error} onValue={setDisplayName} />
      <Roles roles={roles} onRoles={setRoles} />
      <label className="check">
        <input
          type="checkbox"
          checked={disabled}
          disabled={own && !user.disabled}
          onChange={(event) => setDisabled(event.target.checked)}
        />
        <span>
          Disabled
          <span className="t3">
            {own ? "This is you: somebody else has to do it" : "Cannot sign in; open sessions end"}
          </span>
        </span>
      </label>
    </FormDialog>
  );
}

function ResetPassword({
  tenant,
  user,
  onMade,
  onClose,
}: {
  tenant: string;
  user: User;
  onMade: (password: string) => void;
  onClose: () => void;
}) {
  const reset = useChange(
    "users",
    tenant,
    () => resetPassword(tenant, user.userId),
    (made) => onMade(made.password),
  );
  return (
    <ConfirmDialog
      verb="Make one-time password"
      name={user.name}
      busy={reset.isPending}
      error={reset.error}
      onConfirm={() => reset.mutate(undefined)}
      onClose={onClose}
    >
      The old one stops working and open sessions end. The new one is shown once, good for a day, and has to
      be changed at the sign-in.
    </ConfirmDialog>
  );
}

function MadePassword({
  tenant,
  name,
  password,
  onClose,
}: {
  tenant: string;
  name: string;
  password: string;
  onClose: () => void;
}) {
  return (
    <OnceSecret title="Password made" name="Password" secret={password} onClose={onClose}>
      <p className="t2">
        For{" "}
        <span className="m">
          <HostileText text={`${name}@${tenant}`} />
        </span>
        . Hand it over on another way than the name.
      </p>
    </OnceSecret>
  );
}

function DeleteUser({ tenant, user, onClose }: { tenant: string; user: User; onClose: () => void }) {
  const gone = useChange(
    "users",
    tenant,
    () => deleteUser(tenant, user.userId),
    () => {
      toast("User deleted");
      onClose();
    },
  );
  return (
    <ConfirmDialog
      verb="Delete user"
      name={user.name}
      typed
      busy={gone.isPending}
      error={gone.error}
      onConfirm={() => gone.mutate(undefined)}
      onClose={onClose}
    >
      The account and its sessions go, for good. What it did stays in the audit log. To keep it for later,
      disable it instead.
    </ConfirmDialog>
  );
}
