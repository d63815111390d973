import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { AnnotationDetail } from "@/client/contract";
import { Panel } from "@/components/panel";
import { Tag } from "@/components/tag";
import { formatScore, shortId } from "@/lib/format";
import { useTenant } from "@/lib/tenant";

const WHY: Record<string, string> = {
  hand: t`put here by a member`,
  split: t`the judge’s votes were split`,
  failed: t`by chance, among those judged as failed`,
  neutral: t`by chance, among those judged as neutral`,
  passed: t`by chance, among those judged as passed`,
};

/** What was said of the turn before, beside what the judge had said. */
export function LastAnswer({ item }: { item: AnnotationDetail }) {
  const tenant = useTenant().slug;
  const { result } = item;
  if (!result) return null;
  const isSame = result.value === result.judge_value;
  return (
    <Panel
      title={t`Your last answer`}
      aside={
        result.judge_value === null ? null : (
          <Tag tone={isSame ? "ok" : "warn"}>
            {isSame ? t`same as the judge` : t`not as the judge`}
          </Tag>
        )
      }
    >
      <div role="status" className="flex flex-col gap-1.5 p-3.5 text-sm">
        <p>
          <Trans>You {formatScore(result.value)}</Trans>
          {result.judge_value !== null && (
            <Trans>
              , judge {formatScore(result.judge_value)}{" "}
              <span className="text-xs text-mute">
                {result.judge_model}, {result.prompt_version}
              </span>
            </Trans>
          )}
        </p>
        {result.rationale && <p className="break-words text-mute">{result.rationale}</p>}
        <p className="text-xs text-mute">
          <Trans>
            Picked: {WHY[result.stratum]}.{" "}
            <Link
              to="/t/$tenant/turns/$turnId"
              params={{ tenant, turnId: item.turn_id }}
              className="underline underline-offset-2"
            >
              Turn {shortId(item.turn_id)}
            </Link>
          </Trans>
        </p>
      </div>
    </Panel>
  );
}
