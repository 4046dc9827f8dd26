import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Agent, type AgentConfiguration, listConfigurations, putConfiguration } from "../api/agents";
import { ApiError } from "../api/fetchJson";
import { toast } from "../app/toast";
import { Field, FormDialog } from "../parts/FormDialog";
import { whole } from "../parts/numbers";
import { ErrorBox, Skeleton } from "../parts/states";
import { NameText } from "../text/HostileText";
import { useChange } from "./useChange";

const MOST = 1 << 20;

/** The configuration of one agent, signed by the server; agents take only newer ones. */
export function ConfigurationDialog({
  tenant,
  agent,
  onClose,
}: {
  tenant: string;
  agent: Agent;
  onClose: () => void;
}) {
  const all = useQuery({
    queryKey: ["agentconfigurations", tenant],
    queryFn: ({ signal }) => listConfigurations(tenant, signal),
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  if (all.error)
    return (
      <ErrorBox what="Configurations could not be read." error={all.error} onRetry={() => all.refetch()} />
    );
  if (!all.data) return <Skeleton rows={2} label="Loading configurations" />;
  const own = all.data.find((each) => each.agentId === agent.agentId);
  const common = all.data.find((each) => each.agentId === "");
  return <Edit tenant={tenant} agent={agent} own={own} common={common} onClose={onClose} />;
}

function Edit({
  tenant,
  agent,
  own,
  common,
  onClose,
}: {
  tenant: string;
  agent: Agent;
  own: AgentConfiguration | undefined;
  common: AgentConfiguration | undefined;
  onClose: () => void;
}) {
  const [text, setText] = useState((own ?? common)?.content ?? "");
  const kept = useChange(
    "agents",
    tenant,
    () => putConfiguration(tenant, { agentId: agent.agentId, content: text, baseVersion: own?.version ?? 0 }),
    (made) => {
      toast(`Configuration ${whole(made.version)} goes to the agent`);
      onClose();
    },
  );
  const conflict = kept.error instanceof ApiError && kept.error.code === "ABORTED";
  const before = own
    ? `Its own, version ${whole(own.version)}`
    : common
      ? `The tenant's, version ${whole(common.version)}; from now on it has its own`
      : "Its own file so far";
  return (
    <FormDialog
      title="Agent configuration"
      verb="Sign and send"
      danger
      wide
      busy={kept.isPending}
      blocked={text.trim() === "" || text.length > MOST}
      error={kept.error}
      failed={
        conflict
          ? "Somebody else changed it. Copy your lines, close, and begin again."
          : "The configuration was not changed."
      }
      onSubmit={() => kept.mutate(undefined)}
      onClose={onClose}
    >
      <p className="confirm-name b">
        <NameText text={agent.host || agent.agentId} />
      </p>
      <p className="t2">
        {before}. The whole file is replaced. An agent that cannot use it keeps what it has and says so in its
        next report.
      </p>
      <Field
        label="Configuration"
        of="content"
        error={kept.error}
        hint="As in the agent's configuration file"
      >
        {(id, described) => (
          <textarea
            id={id}
            aria-describedby={described}
            className="m lines"
            rows={16}
            value={text}
            spellCheck={false}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}
