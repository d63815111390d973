import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { Panel } from "@/components/panel";
import { useTenant } from "@/lib/tenant";
import { isTrainer, useConnections } from "../api/connections";
import { useFunnel } from "../api/overview";

/** What training needs, in the order to do it, with what is there already. */
export function GettingStarted({ action }: { action: ReactNode }) {
  const { slug: tenant } = useTenant();
  const trainer = useConnections(tenant).data?.find(isTrainer);
  const captured = useFunnel(tenant).data?.captured ?? 0;
  return (
    <Panel title={t`Nothing is trained yet`}>
      <ol className="divide-y divide-line">
        <Need number={1} isMet={trainer !== undefined} title={t`A trainer`}>
          {trainer ? (
            <Trans>{trainer.name} is connected.</Trans>
          ) : (
            <Trans>
              A Tinker connection under{" "}
              <Link
                to="/t/$tenant/upstreams"
                params={{ tenant }}
                className="underline underline-offset-2"
              >
                Upstreams
              </Link>
              . Without an account, <code className="font-mono text-xs">make trainer</code> starts
              one on this machine and prints its key.
            </Trans>
          )}
        </Need>
        <Need number={2} title={t`A policy`} action={action}>
          <Trans>The model that is to learn: its base model, what it learns from, and when.</Trans>
        </Need>
        <Need number={3} isMet={captured > 0} title={t`Something to learn from`}>
          {captured > 0
            ? t`${plural(captured, { one: "# answer", other: "# answers" })} on record in tokens.`
            : t`Answers are recorded in tokens as soon as a route samples from the policy. A task set needs no traffic at all.`}
        </Need>
      </ol>
    </Panel>
  );
}

type NeedProps = {
  number: number;
  title: string;
  isMet?: boolean;
  action?: ReactNode;
  children: ReactNode;
};

function Need({ number, title, isMet, action, children }: NeedProps) {
  return (
    <li className="flex flex-wrap items-center gap-3 px-3.5 py-3">
      <span
        className={
          isMet
            ? "grid size-6 shrink-0 place-items-center rounded-full bg-ok-soft text-ok"
            : "grid size-6 shrink-0 place-items-center rounded-full border border-line2 text-xs text-mute"
        }
      >
        {isMet ? <Check className="size-3.5" aria-label={t`There`} role="img" /> : number}
      </span>
      <div className="min-w-[200px] flex-1">
        <p className="text-sm font-medium">{title}</p>
        <p className="max-w-[64ch] text-sm text-mute">{children}</p>
      </div>
      {action}
    </li>
  );
}
