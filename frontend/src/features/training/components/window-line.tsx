import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { Windows } from "@/client/contract";
import { buttonClass } from "@/components/button";
import { Panel } from "@/components/panel";
import { formatUntil } from "@/lib/format";
import { saidText } from "@/lib/said";
import { useTenant } from "@/lib/tenant";
import { useNow } from "@/lib/use-now";
import { useWindowNow } from "../api/windows";

/** Whether training may go on by itself, and until or from when; silent where nobody can say. */
export function WindowLine() {
  const { slug } = useTenant();
  const now = useNow();
  const verdict = useWindowNow(slug);
  if (!verdict.data) return null;
  const { is_open, sentence, sentence_said } = verdict.data;
  const countdown = countdownOf(verdict.data, now);
  return (
    <p className="text-xs text-mute" role="timer" aria-label={t`Training window`} aria-live="off">
      <span className={is_open ? "font-medium text-ok" : "font-medium text-ink"}>
        {is_open ? t`Window open` : t`No window`}
        {countdown && `, ${countdown}`}
      </span>{" "}
      · {saidText(sentence, sentence_said)}
    </p>
  );
}

/** The same as a panel of its own. */
export function WindowPanel() {
  const { slug } = useTenant();
  const verdict = useWindowNow(slug);
  if (!verdict.data) return null;
  return (
    <Panel
      title={t`Window`}
      aside={
        <Link to="/t/$tenant/windows" params={{ tenant: slug }} className={buttonClass()}>
          <Trans>Windows</Trans>
        </Link>
      }
    >
      <div className="px-3.5 py-3">
        <WindowLine />
      </div>
    </Panel>
  );
}

function countdownOf(
  { is_open, closes_at, next_opens_at }: Windows["verdict"],
  now: number,
): string {
  if (is_open) return closes_at ? t`closes in ${formatUntil(closes_at, now)}` : "";
  return next_opens_at ? t`the next opens in ${formatUntil(next_opens_at, now)}` : "";
}
