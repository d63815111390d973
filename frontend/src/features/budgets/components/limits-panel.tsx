import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button";
import { Panel } from "@/components/panel";
import { ErrorState, LoadingRows } from "@/components/states";
import { useTenant } from "@/lib/tenant";
import { useLimits, useLimitsNow } from "../api/limits";
import { rates, subjectName } from "../limit-words";
import { BudgetBars } from "./budget-bars";
import { LimitActions } from "./limit-actions";
import { LimitDialog } from "./limit-dialog";

type Props = {
  /** Whose limit somebody came here to set. */
  wanted?: string;
  onClose: () => void;
};

/** Every limit with what is spent of it, and the way to set another. */
export function LimitsPanel({ wanted, onClose }: Props) {
  const { slug, may } = useTenant();
  const limits = useLimits(slug);
  const spending = useLimitsNow(slug);
  const [isAdding, setIsAdding] = useState(false);
  const existing = limits.data?.find(
    ({ scope, subject }) => wanted === (scope === "tenant" ? scope : `${scope}:${subject}`),
  );
  return (
    <Panel
      title={t`Budgets and limits`}
      aside={
        <Button
          disabled={!may("admin")}
          title={may("admin") ? undefined : t`Only admins set limits`}
          onClick={() => setIsAdding(true)}
        >
          <Plus aria-hidden />
          <Trans>Set a limit</Trans>
        </Button>
      }
    >
      {limits.isPending && <LoadingRows rows={2} label={t`Loading budgets`} />}
      {limits.isError && <ErrorState error={limits.error} onRetry={() => void limits.refetch()} />}
      {limits.isSuccess && limits.data.length === 0 && (
        <p className="px-3.5 py-3 text-sm text-mute">
          <Trans>No limit is set: requests are counted, and none is refused for its cost.</Trans>
        </p>
      )}
      <ul className="divide-y divide-line">
        {limits.data?.map((limit) => {
          const name = subjectName(limit);
          const now = spending.data?.find((spent) => spent.limit.id === limit.id);
          return (
            <li key={limit.id} className="flex flex-col gap-2 px-3.5 py-3">
              <div className="flex items-center gap-2">
                <span className="text-sm font-medium break-all">{name}</span>
                <span className="mr-auto text-xs text-mute tabular-nums">{rates(limit)}</span>
                <LimitActions limit={limit} name={name} />
              </div>
              {now && <BudgetBars now={now} name={name} />}
            </li>
          );
        })}
      </ul>
      <LimitDialog
        limit={existing ?? null}
        wanted={wanted}
        isOpen={isAdding || (wanted !== undefined && limits.isSuccess && may("admin"))}
        onClose={() => {
          setIsAdding(false);
          onClose();
        }}
      />
    </Panel>
  );
}
