import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Tryout, TryoutAsked } from "@/client/contract";
import { Banner } from "@/components/banner";
import { CodeBlock } from "@/components/code-block";
import { Panel } from "@/components/panel";
import { EmptyState } from "@/components/states";
import { Tag } from "@/components/tag";
import { formatCount } from "@/lib/format";
import { TriedSkills } from "./tried-skills";
import { TriedTrials } from "./tried-trials";

const BECAUSE: Record<Tryout["by_words_because"], string> = {
  "": "",
  not_configured: t`This installation has no embedder.`,
  embedder_away: t`The embedder did not answer; while it is away gateways do the same.`,
  unknown_script: t`The embedder's model does not know this script.`,
  no_vectors: t`The skills have no vectors of this model yet; they are made in the background.`,
};

type Props = { found: Tryout; asked: TryoutAsked; onArm: (onTrial: boolean) => void };

export function TryoutResult({ found, asked, onArm }: Props) {
  const taken = found.candidates.filter(({ verdict }) => verdict === "in");
  return (
    <div className="flex flex-col gap-4">
      {!found.injects && (
        <Banner tone="warn" title={t`In the mode “${found.mode}” no skill goes into a prompt.`}>
          <Trans>This is what would go in, were it “skills” or “auto”.</Trans>
        </Banner>
      )}
      <Panel
        title={
          taken.length === 0
            ? t`No skill goes in`
            : t`${plural(taken.length, { one: "# skill", other: "# skills" })} in`
        }
        aside={<Facts found={found} />}
      >
        {found.query !== asked.message && (
          <p className="border-b border-line px-3.5 py-2 text-sm text-mute">
            <Trans>
              Searched for, without what clients put around it:{" "}
              <span className="text-ink">{found.query || "nothing"}</span>
            </Trans>
          </p>
        )}
        {found.candidates.length > 0 ? (
          <TriedSkills skills={found.candidates} />
        ) : (
          <EmptyState title={t`Nothing comes close`}>
            <Trans>
              No live skill speaks about this message. That is the right answer for most messages
              that no skill was written for.
            </Trans>
          </EmptyState>
        )}
      </Panel>
      {found.trials.length > 0 && (
        <TriedTrials trials={found.trials} isOnTrial={asked.on_trial} onArm={onArm} />
      )}
      {found.block && (
        <Panel
          title={t`The text that carries them`}
          aside={
            <span className="text-xs text-mute">
              <Trans>{formatCount(found.tokens)} tokens</Trans>
            </span>
          }
          className="overflow-hidden"
        >
          <div className="p-3.5">
            <CodeBlock code={found.block} label={t`injected text`} />
          </div>
        </Panel>
      )}
    </div>
  );
}

function Facts({ found }: { found: Tryout }) {
  const isHybrid = found.by === "hybrid";
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-mute">
      <span>
        <Trans>
          at most {plural(found.max_skills, { one: "# skill", other: "# skills" })},{" "}
          {formatCount(found.token_budget)} tokens, besides house rules
        </Trans>
      </span>
      <Tag tone={isHybrid ? "info" : "quiet"} title={BECAUSE[found.by_words_because]}>
        {isHybrid ? t`by words and meaning` : t`by words alone`}
      </Tag>
      {!isHybrid && <span>{BECAUSE[found.by_words_because]}</span>}
    </span>
  );
}
