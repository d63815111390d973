import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { CircleAlert, Check as Tick, X } from "lucide-react";
import type { Check } from "@/client/contract";
import { shortId } from "@/lib/format";
import { saidText } from "@/lib/said";
import { useTenant } from "@/lib/tenant";

const MARK = {
  ok: { Icon: Tick, tone: "text-ok", name: t`passed` },
  warn: { Icon: CircleAlert, tone: "text-warn", name: t`warning` },
  fail: { Icon: X, tone: "text-bad", name: t`failed` },
};

export function ChecksList({ checks }: { checks: Check[] }) {
  if (checks.length === 0)
    return (
      <p className="text-mute">
        <Trans>No checks were run.</Trans>
      </p>
    );
  return (
    <ul className="flex flex-col gap-1">
      {checks.map((check) => {
        const { code, level, turn_ids: turns, model, prompt_version: prompt } = check;
        const { Icon, tone, name } = MARK[level];
        return (
          <li key={code} className="flex gap-2">
            <Icon className={`mt-[3px] size-3.5 shrink-0 ${tone}`} aria-label={name} role="img" />
            <span className="min-w-0 break-words">
              {saidText(check.message, check.message_said)}
              {level !== "ok" && turns.map((id) => <TurnLink key={id} id={id} />)}
              {model && (
                <span className="block text-xs text-mute">
                  <Trans>
                    by {model}, {prompt}
                  </Trans>
                </span>
              )}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function TurnLink({ id }: { id: string }) {
  const { slug } = useTenant();
  return (
    <Link
      to="/t/$tenant/turns/$turnId"
      params={{ tenant: slug, turnId: id }}
      className="ml-1.5 font-mono text-xs underline decoration-line2 underline-offset-2 hover:decoration-ink"
    >
      {shortId(id)}
    </Link>
  );
}
