import type { Tryout, TryoutAsked } from "@/client/contract";
import { Banner } from "@/components/banner";
import { CodeBlock } from "@/components/code-block";
import { Panel } from "@/components/panel";
import { EmptyState } from "@/components/states";
import { Tag } from "@/components/tag";
import { formatCount, plural } from "@/lib/format";
import { TriedSkills } from "./tried-skills";
import { TriedTrials } from "./tried-trials";

const BECAUSE: Record<Tryout["by_words_because"], string> = {
  "": "",
  not_configured: "This installation has no embedder.",
  embedder_away: "The embedder did not answer; while it is away gateways do the same.",
  unknown_script: "The embedder's model does not know this script.",
  no_vectors: "The skills have no vectors of this model yet; they are made in the background.",
};

type Props = { found: Tryout; asked: TryoutAsked; onArm: (onTrial: boolean) => void };

export function TryoutResult({ found, asked, onArm }: Props) {
  const taken = found.candidates.filter(({ verdict }) => verdict === "in");
  return (
    <div className="flex flex-col gap-4">
      {!found.injects && (
        <Banner tone="warn" title={`In the mode “${found.mode}” no skill goes into a prompt.`}>
          This is what would go in, were it “skills” or “auto”.
        </Banner>
      )}
      <Panel
        title={taken.length === 0 ? "No skill goes in" : `${plural(taken.length, "skill")} in`}
        aside={<Facts found={found} />}
      >
        {found.query !== asked.message && (
          <p className="border-b border-line px-3.5 py-2 text-sm text-mute">
            Searched for, without what clients put around it:{" "}
            <span className="text-ink">{found.query || "nothing"}</span>
          </p>
        )}
        {found.candidates.length > 0 ? (
          <TriedSkills skills={found.candidates} />
        ) : (
          <EmptyState title="Nothing comes close">
            No live skill speaks about this message. That is the right answer for most messages that
            no skill was written for.
          </EmptyState>
        )}
      </Panel>
      {found.trials.length > 0 && (
        <TriedTrials trials={found.trials} isOnTrial={asked.on_trial} onArm={onArm} />
      )}
      {found.block && (
        <Panel
          title="The text that carries them"
          aside={<span className="text-xs text-mute">{formatCount(found.tokens)} tokens</span>}
          className="overflow-hidden"
        >
          <div className="p-3.5">
            <CodeBlock code={found.block} label="injected text" />
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
        at most {plural(found.max_skills, "skill")}, {formatCount(found.token_budget)} tokens,
        besides house rules
      </span>
      <Tag tone={isHybrid ? "info" : "quiet"} title={BECAUSE[found.by_words_because]}>
        {isHybrid ? "by words and meaning" : "by words alone"}
      </Tag>
      {!isHybrid && <span>{BECAUSE[found.by_words_because]}</span>}
    </span>
  );
}
