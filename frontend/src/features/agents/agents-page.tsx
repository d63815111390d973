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

const inherited = <span className="text-mute">as workspace</span>;
const own = (value: number | null) => (value === null ? inherited : formatCount(value));

const COLUMNS: Column<Agent>[] = [
  {
    id: "name",
    header: "Name",
    sortBy: (agent) => agent.name,
    cell: (agent) => (
      <>
        <span className="font-medium">{agent.name}</span>
        {agent.description && <span className="block text-xs text-mute">{agent.description}</span>}
      </>
    ),
  },
  { id: "mode", header: "Mode", cell: (agent) => agent.mode || inherited },
  { id: "skills", header: "Most skills", isNumeric: true, cell: (agent) => own(agent.max_skills) },
  {
    id: "tokens",
    header: "Token budget",
    isNumeric: true,
    cell: (agent) => own(agent.skill_token_budget),
  },
  {
    id: "actions",
    header: <span className="sr-only">Actions</span>,
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
      <Plus aria-hidden /> New agent
    </Button>
  );
  return (
    <Page
      title="Agents"
      note={may("admin") ? "What differs from the workspace" : "Only admins change agents"}
      actions={createButton}
    >
      <Panel>
        {agents.isPending && <LoadingRows rows={4} label="Loading agents" />}
        {agents.isError && (
          <ErrorState error={agents.error} onRetry={() => void agents.refetch()} />
        )}
        {agents.isSuccess &&
          (agents.data.length > 0 ? (
            <DataTable label="Agents" rows={agents.data} columns={COLUMNS} rowId={({ id }) => id} />
          ) : (
            <EmptyState icon={Bot} title="No agents yet" action={createButton}>
              Every agent follows the workspace. Name one here to give it settings of its own.
            </EmptyState>
          ))}
      </Panel>
      <AgentDialog agent={null} isOpen={isCreating} onClose={() => setIsCreating(false)} />
    </Page>
  );
}
