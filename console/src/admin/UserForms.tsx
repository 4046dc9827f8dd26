import { useState } from "react";
import { createUser, type User, updateUser } from "../api/access";
import { toast } from "../app/toast";
import { Choices, FormDialog } from "../parts/FormDialog";
import { TextField } from "../parts/TextField";
import { plain } from "../text/defang";
import { HostileText } from "../text/HostileText";
import { newPassword, ROLE_CHOICES } from "./roles";
import { useChange } from "./useChange";

/** Somebody new, with a password that is made here and shown once. */
export function NewUser({
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
      <TextField
        label="Name"
        of="name"
        error={made.error}
        hint={<>Signs in as name@{plain(tenant, 60)}</>}
        exact
        value={name}
        maxLength={100}
        required
        onValue={setName}
      />
      <DisplayName value={displayName} error={made.error} onValue={setDisplayName} />
      <Choices legend="Roles" choices={ROLE_CHOICES} chosen={roles} onChoose={setRoles} />
      <p className="t2">A password is made and shown once. It has to be changed at the first sign-in.</p>
    </FormDialog>
  );
}

/** What somebody is called and may do, and whether they may sign in. */
export function EditUser({
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
      <Choices legend="Roles" choices={ROLE_CHOICES} chosen={roles} onChoose={setRoles} />
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
    <TextField
      label="Shown as"
      of="display_name"
      error={error}
      hint="Optional"
      value={value}
      maxLength={200}
      onValue={onValue}
    />
  );
}
