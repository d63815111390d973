import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { ChevronRight } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { Checkpoint } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Button } from "@/components/button";
import { CopyButton } from "@/components/copy-button";
import { Moment } from "@/components/moment";
import { ErrorState, LoadingBlock } from "@/components/states";
import { Tag } from "@/components/tag";
import { formatBytes } from "@/lib/format";
import { saidText } from "@/lib/said";
import { useTenant } from "@/lib/tenant";
import { useCheckpoint } from "../api/checkpoints";
import { CHECKPOINT_STATUS, type Step, stepsOf, wordsOf } from "../checkpoint-words";
import { CheckpointDialog } from "./checkpoint-dialog";
import { CheckpointLineage } from "./checkpoint-lineage";
import { GateView, TrialView } from "./gate-result";

// A menu brings what draws it, a quarter of the page.
const CheckpointMenu = lazy(async () => {
  const { CheckpointMenu: menu } = await import("./checkpoint-menu");
  return { default: menu };
});

type Props = { checkpoint: Checkpoint; isOpenAtFirst: boolean; isNamed: boolean };

const comeIntoView = (card: HTMLElement | null) => card?.scrollIntoView({ block: "nearest" });

/** One checkpoint: what it is, how it was tried, and what may be done with it. */
export function CheckpointCard({ checkpoint, isOpenAtFirst, isNamed }: Props) {
  const [isOpen, setIsOpen] = useState(isOpenAtFirst);
  const { name, tone } = CHECKPOINT_STATUS[checkpoint.status];
  return (
    <li ref={isNamed ? comeIntoView : undefined}>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
        className="flex w-full items-center gap-2 px-3.5 py-2.5 text-left text-sm hover:bg-bg/60"
      >
        <ChevronRight
          aria-hidden
          className={isOpen ? "size-3.5 rotate-90 text-mute" : "size-3.5 text-mute"}
        />
        <span className="font-medium">
          <Trans>Step {checkpoint.step}</Trans>
        </span>
        <Tag tone={tone}>{name}</Tag>
        <span className="ml-auto text-xs text-mute">
          <Ago at={checkpoint.created_at} />
        </span>
      </button>
      {isOpen && <Opened checkpoint={checkpoint} />}
    </li>
  );
}

function Opened({ checkpoint }: { checkpoint: Checkpoint }) {
  const { slug } = useTenant();
  const detail = useCheckpoint(slug, checkpoint.id);
  const gates = detail.data?.gates ?? [];
  // Of each stage the last one; what came before it is history.
  const latest = gates.filter(({ stage }, i) => gates.findIndex((g) => g.stage === stage) === i);
  const trial = detail.data?.trials[0];
  return (
    <div className="flex flex-col gap-3 px-3.5 pb-3.5">
      {checkpoint.note && (
        <p className="text-sm">{saidText(checkpoint.note, checkpoint.note_said)}</p>
      )}
      {detail.isPending && <LoadingBlock label={t`Loading the checkpoint`} />}
      {detail.isError && <ErrorState error={detail.error} onRetry={() => void detail.refetch()} />}
      {latest.map((gate) => (
        <GateView key={gate.id} gate={gate} step={checkpoint.step} said={checkpoint.note} />
      ))}
      {trial && <TrialView trial={trial} step={checkpoint.step} />}
      <CheckpointLineage checkpoint={checkpoint} />
      <p className="text-xs text-mute">
        <Trans>
          Learned from {plural(checkpoint.samples, { one: "# sample", other: "# samples" })} at
          generation {checkpoint.generation} of the skills. Rank {checkpoint.rank}
        </Trans>
        {checkpoint.size_bytes !== null && `, ${formatBytes(checkpoint.size_bytes)}`}.
        {checkpoint.expires_at && (
          <>
            {" "}
            <Trans>
              Kept until <Moment at={checkpoint.expires_at} look="day" />.
            </Trans>
          </>
        )}
      </p>
      <Steps checkpoint={checkpoint} />
    </div>
  );
}

const NEEDED: Partial<Record<Step, "admin">> = { delete: "admin", train: "admin" };

function Steps({ checkpoint }: { checkpoint: Checkpoint }) {
  const { may } = useTenant();
  const [asked, setAsked] = useState<Step | null>(null);
  const steps = stepsOf(checkpoint);
  const shown = steps.slice(0, 2);
  const others = steps.slice(2);
  const wordOf = (step: Step) => wordsOf(step, checkpoint.step, checkpoint.route_model);
  const off = (step: Step) => {
    const needed = NEEDED[step] ?? "reviewer";
    return may(needed) ? {} : { disabled: true, title: t`This takes the role ${needed} or above.` };
  };
  return (
    <div className="flex flex-wrap items-center gap-2">
      {shown.map((step, i) => (
        <Button
          key={step}
          variant={wordOf(step).isDanger ? "danger" : i === 0 ? "primary" : "plain"}
          {...off(step)}
          onClick={() => setAsked(step)}
        >
          {wordOf(step).button}
        </Button>
      ))}
      <span className="ml-auto flex items-center gap-1">
        <CopyButton
          isIcon
          variant="ghost"
          text={checkpoint.sampler_path}
          label={t`Copy its path at the provider`}
        />
        {others.length > 0 && (
          <Suspense fallback={<span className="size-7" />}>
            <CheckpointMenu
              label={t`More about step ${checkpoint.step}`}
              items={others.map((step) => ({
                name: wordOf(step).button,
                onSelect: () => setAsked(step),
                ...off(step),
              }))}
            />
          </Suspense>
        )}
      </span>
      {asked && (
        <CheckpointDialog checkpoint={checkpoint} what={asked} onClose={() => setAsked(null)} />
      )}
    </div>
  );
}
