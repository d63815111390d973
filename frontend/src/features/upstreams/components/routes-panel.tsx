import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Plus } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import type { Route } from "@/client/contract";
import { Button } from "@/components/button";
import { type Column, DataTable } from "@/components/data-table";
import { Panel } from "@/components/panel";
import { ErrorState, LoadingRows } from "@/components/states";
import { Switch } from "@/components/switch";
import { Tag } from "@/components/tag";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useRoutes, useSaveRoute } from "../api/routes";
import { useUpstreams } from "../api/upstreams";
import { RouteActions } from "./route-actions";
import { RouteDialog } from "./route-dialog";

const COLUMNS: Column<Route>[] = [
  {
    id: "model",
    header: t`Model`,
    sortBy: (route) => route.model,
    cell: (route) => (
      <span className="flex flex-wrap items-center gap-1.5">
        <span className="font-mono text-xs break-all">{route.model}</span>
        {route.agent && (
          <Tag>
            <Trans>{route.agent} only</Trans>
          </Tag>
        )}
      </span>
    ),
  },
  { id: "targets", header: t`Goes to`, cell: (route) => <Targets route={route} /> },
  { id: "state", header: t`On`, cell: (route) => <RouteSwitch route={route} /> },
  {
    id: "actions",
    header: (
      <span className="sr-only">
        <Trans>Actions</Trans>
      </span>
    ),
    isNumeric: true,
    cell: (route) => <RouteActions route={route} />,
  },
];

/** Which models go somewhere else than to the upstream that serves. */
export function RoutesPanel() {
  const { slug, may } = useTenant();
  const routes = useRoutes(slug);
  const [isAdding, setIsAdding] = useState(false);
  const hasUpstream = useUpstreams(slug).data?.some((upstream) => !upstream.is_simulated);
  return (
    <Panel
      title={t`Routes`}
      className="mt-5"
      aside={
        <Button disabled={!may("admin") || !hasUpstream} onClick={() => setIsAdding(true)}>
          <Plus aria-hidden />
          <Trans>Add route</Trans>
        </Button>
      }
    >
      {routes.isPending && <LoadingRows rows={2} label={t`Loading routes`} />}
      {routes.isError && <ErrorState error={routes.error} onRetry={() => void routes.refetch()} />}
      {routes.isSuccess &&
        (routes.data.length > 0 ? (
          <DataTable
            label={t`Routes`}
            rows={routes.data}
            columns={COLUMNS}
            rowId={(route) => route.id}
          />
        ) : (
          <p className="px-3.5 py-3 text-sm text-mute">
            <Trans>
              Every request goes to the upstream that serves, under the model name it asks for. A
              route sends some models elsewhere, to several upstreams that stand in for each other
            </Trans>
            {hasUpstream === false && t`; it needs a real upstream`}.
          </p>
        ))}
      <RouteDialog route={null} isOpen={isAdding} onClose={() => setIsAdding(false)} />
    </Panel>
  );
}

function Targets({ route }: { route: Route }) {
  const { slug } = useTenant();
  const upstreams = useUpstreams(slug).data;
  // A route is not read again when an upstream is renamed.
  const nameOf = (id: string) => upstreams?.find((upstream) => upstream.id === id)?.name;
  const total = route.targets.reduce((sum, { weight }) => sum + weight, 0);
  return (
    <ol className="flex flex-col gap-0.5">
      {route.targets.map(({ upstream, upstream_name, model, weight }, place) => (
        <li key={`${upstream} ${model}`} className="flex flex-wrap items-baseline gap-x-1.5">
          <span>{nameOf(upstream) ?? upstream_name}</span>
          {model && <span className="font-mono text-xs break-all">{model}</span>}
          <span className="text-xs text-mute">{partOf(weight, total, place)}</span>
        </li>
      ))}
    </ol>
  );
}

function partOf(weight: number, total: number, place: number): string {
  if (weight > 0) return t`${Math.round((100 * weight) / total)} % of sessions`;
  return total === 0 && place === 0 ? "" : t`stands in`;
}

function RouteSwitch({ route }: { route: Route }) {
  const { slug, may } = useTenant();
  const save = useSaveRoute(slug, route.id);
  return (
    <Switch
      label={t`Route ${route.model}`}
      isOn={route.is_enabled}
      isDisabled={!may("admin") || save.isPending}
      onChange={(isOn) =>
        save.mutate({ is_enabled: isOn }, { onError: (error) => toast.error(errorText(error)) })
      }
    />
  );
}
