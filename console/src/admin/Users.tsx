import { useState } from "react";
import { deleteUser, listUsers, resetPassword, type User } from "../api/access";
import { toast } from "../app/toast";
import { useSession } from "../app/useSession";
import { EmptyState } from "../parts/states";
import { When } from "../parts/When";
import { HostileText, NameText } from "../text/HostileText";
import { AdminList, RowAct, useListed } from "./AdminList";
import { Chips } from "./Chips";
import { ConfirmChange } from "./ConfirmChange";
import { OnceSecret } from "./OnceSecret";
import { EditUser, NewUser } from "./UserForms";

const MAY = "access_manage";

type Open =
  | { what: "new" }
  | { what: "edit" | "password" | "delete"; user: User }
  | { what: "made"; name: string; password: string };

/** People who sign in to this tenant, and what they may do. */
export function Users({ tenant }: { tenant: string }) {
  const [open, setOpen] = useState<Open | null>(null);
  const me = useSession()?.actor ?? "";
  const list = useListed("users", tenant, listUsers, (user) => [user.name, user.displayName, ...user.roles]);
  const close = () => setOpen(null);
  const isMe = (user: User) => me === `user:${user.name}@${tenant}`;
  const act = (user: User, what: "edit" | "password" | "delete", verb: string) => (
    <RowAct may={MAY} verb={verb} name={user.name} onAct={() => setOpen({ what, user })} />
  );
  return (
    <AdminList
      title="Users"
      about="Who signs in here, and what they may do"
      one="user"
      list={list}
      create={{ may: MAY, onCreate: () => setOpen({ what: "new" }) }}
      empty={
        <EmptyState title="Nobody signs in to this tenant yet.">
          <p className="t2">
            Operators see it all the same. A new user gets a password for the first sign-in.
          </p>
        </EmptyState>
      }
      foot="They sign in as name@tenant. A new password, and disabling, end their sessions"
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
              {act(user, "edit", "Edit")}
              {!user.singleSignOn && act(user, "password", "New password")}
              {act(user, "delete", "Delete")}
            </>
          ),
        },
      ]}
    >
      {open?.what === "edit" && (
        <EditUser tenant={tenant} user={open.user} own={isMe(open.user)} onClose={close} />
      )}
      {open?.what === "delete" && (
        <ConfirmChange
          of="users"
          tenant={tenant}
          verb="Delete user"
          name={open.user.name}
          typed
          change={() => deleteUser(tenant, open.user.userId)}
          onDone={() => toast("User deleted")}
          onClose={close}
        >
          The account and its sessions go, for good. What it did stays in the audit log. To keep it for later,
          disable it instead.
        </ConfirmChange>
      )}
      {open?.what === "password" && (
        <ConfirmChange
          of="users"
          tenant={tenant}
          verb="Make one-time password"
          name={open.user.name}
          change={() => resetPassword(tenant, open.user.userId)}
          onDone={({ password }) => setOpen({ what: "made", name: open.user.name, password })}
          onClose={close}
        >
          The old one stops working and open sessions end. The new one is shown once, good for a day, and has
          to be changed at the sign-in.
        </ConfirmChange>
      )}
      {open?.what === "made" && <MadePassword tenant={tenant} {...open} onClose={close} />}
      {open?.what === "new" && (
        <NewUser
          tenant={tenant}
          onClose={close}
          onMade={(name, password) => setOpen({ what: "made", name, password })}
        />
      )}
    </AdminList>
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
