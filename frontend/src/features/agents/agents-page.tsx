import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Bot, Plus } from "lucide-react";
import { useState } from "react";
import type { Agent } from "@/client/contract";
import { Button } from "@/components/button";
import { type Column, DataTable } from "@/components/data-table";
import { Page } from "@/components/page";
import { Panel } from "@/components/panel";
import { EmptyState, ErrorState, LoadingRows } from "@/components/states";
import { formatCount } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { useAgents } from "./api/agents";
import { AgentActions } from "./components/agent-actions";
import { AgentDialog } from "./components/agent-dialog";

const inherited = (
  <span className="text-mute">
    <Trans>as workspace</Trans>
  </span>
);
const own = (value: number | null) => (value === null ? inherited : formatCount(value));

const COLUMNS: Column<Agent>[] = [
  {
    id: "name",
    header: t`Name`,
    sortBy: (agent) => agent.name,
    cell: (agent) => (
      <>
        <span className="font-medium">{agent.name}</span>
        {agent.description && <span className="block text-xs text-mute">{agent.description}</span>}
      </>
    ),
  },
  { id: "mode", header: t`Mode`, cell: (agent) => agent.mode || inherited },
  { id: "skills", header: t`Most skills`, isNumeric: true, cell: (agent) => own(agent.max_skills) },
  {
    id: "tokens",
    header: t`Token budget`,
    isNumeric: true,
    cell: (agent) => own(agent.skill_token_budget),
  },
  {
    id: "actions",
    header: (
      <span className="sr-only">
        <Trans>Actions</Trans>
      </span>
    ),
    isNumeric: true,
    cell: (agent) => <AgentActions agent={agent} />,
  },
];

export function AgentsPage() {
  const { slug, may } = useTenant();
  const agents = useAgents(slug);
  const [isCreating, setIsCreating] = useState(false);
  const createButton = (
    <Button variant="primary" disabled={!may("admin")} onClick={() => setIsCreating(true)}>
      <Plus aria-hidden />
      <Trans>New agent</Trans>
    </Button>
  );
  return (
    <Page
      title={t`Agents`}
      note={may("admin") ? t`What differs from the workspace` : t`Only admins change agents`}
      actions={createButton}
    >
      <Panel>
        {agents.isPending && <LoadingRows rows={4} label={t`Loading agents`} />}
        {agents.isError && (
          <ErrorState error={agents.error} onRetry={() => void agents.refetch()} />
        )}
        {agents.isSuccess &&
          (agents.data.length > 0 ? (
            <DataTable
              label={t`Agents`}
              rows={agents.data}
              columns={COLUMNS}
              rowId={({ id }) => id}
            />
          ) : (
            <EmptyState icon={Bot} title={t`No agents yet`} action={createButton}>
              <Trans>
                Every agent follows the workspace. Name one here to give it settings of its own.
              </Trans>
            </EmptyState>
          ))}
      </Panel>
      <AgentDialog agent={null} isOpen={isCreating} onClose={() => setIsCreating(false)} />
    </Page>
  );
}
