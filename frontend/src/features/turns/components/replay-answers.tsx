import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { clsx } from "clsx";
import { type ReactNode, useState } from "react";
import type { Replay, ReplayDetail, TurnDetail } from "@/client/contract";
import { DiffView } from "@/components/diff-view";
import { Select } from "@/components/field";
import { signed } from "@/components/interval";
import { OutcomeTag } from "@/components/outcome-tag";
import { Tag } from "@/components/tag";
import { formatCount, formatScore } from "@/lib/format";
import { messageBlocks } from "@/lib/messages";
import { formatMoney } from "@/lib/money";
import { BlockView } from "./block-view";

type Case = ReplayDetail["cases"][number];
type Sample = Case["without"][number];
type Props = { tried: Case; replay: Replay; turn: TurnDetail };

/** Side by side: the recorded answer, those without the text, those with it. */
export function ReplayAnswers({ tried, replay, turn }: Props) {
  const had = turn.skills.find(({ slug }) => slug === replay.slug)?.version;
  const name = `${replay.slug}@${replay.version}`;
  // Where the turn had another version, that one is what the text is held against.
  const isReplaced = had !== undefined && had !== replay.version;
  return (
    <div className="flex flex-col gap-2 border-t border-line p-2.5">
      <div className="grid gap-2 @2xl:grid-cols-3">
        <Column title={t`Recorded`} aside={<OutcomeTag outcome={turn.outcome} />}>
          <Recorded turn={turn} />
        </Column>
        <Column
          title={isReplaced ? t`With v${had}, as recorded` : t`Without ${name}`}
          aside={<Mean samples={tried.without} />}
        >
          <Samples samples={tried.without} />
        </Column>
        <Column title={t`With ${name}`} aside={<Mean samples={tried.with_skill} />}>
          <Samples samples={tried.with_skill} />
        </Column>
      </div>
      {replay.result && (
        <p className="text-xs text-mute">
          <Trans>With it: {signed(Math.round(replay.result.extra_tokens))} tokens</Trans>
          {replay.result.extra_micros
            ? `, ${replay.result.extra_micros > 0 ? "+" : "−"}${formatMoney(Math.abs(replay.result.extra_micros))}`
            : ""}
          . <Trans>One turn shows what happens; it is no proof.</Trans>
        </p>
      )}
      <Differences tried={tried} recorded={answerText(turn)} />
    </div>
  );
}

type ColumnProps = { title: string; aside: ReactNode; children: ReactNode };

function Column({ title, aside, children }: ColumnProps) {
  return (
    <section aria-label={title} className="flex min-w-0 flex-col gap-1.5 rounded-md bg-bg p-2">
      <header className="flex items-center gap-2">
        <h3 className="mr-auto min-w-0 truncate text-xs font-medium" title={title}>
          {title}
        </h3>
        {aside}
      </header>
      {children}
    </section>
  );
}

function Recorded({ turn }: { turn: TurnDetail }) {
  const blocks = turn.response ? messageBlocks(turn.response) : [];
  if (blocks.length === 0) {
    return (
      <p className="text-sm text-mute">
        <Trans>No answer was recorded.</Trans>
      </p>
    );
  }
  return (
    <div className="flex flex-col gap-2 text-sm">
      {blocks.map((block, i) => (
        <BlockView key={i} block={block} marked="" />
      ))}
    </div>
  );
}

function Samples({ samples }: { samples: Sample[] }) {
  return (
    <ol className="flex flex-col gap-2">
      {samples.map((sample, i) => (
        <li key={i} className="flex flex-col gap-1 border-t border-line pt-1.5">
          <p className="text-sm break-words whitespace-pre-wrap">{sample.text}</p>
          <p className="text-xs text-mute">
            <Vote value={sample.vote} /> {sample.rationale}
          </p>
          <p className="text-2xs text-mute tabular-nums">
            <Trans>
              {formatCount(sample.input_tokens)} in, {formatCount(sample.output_tokens)} out
            </Trans>
            {sample.cost_micros ? `, ${formatMoney(sample.cost_micros)}` : ""}
          </p>
        </li>
      ))}
    </ol>
  );
}

function Vote({ value }: { value: number }) {
  return <Tag tone={value > 0 ? "ok" : value < 0 ? "bad" : "quiet"}>{formatScore(value)}</Tag>;
}

function Mean({ samples }: { samples: Sample[] }) {
  const mean = samples.reduce((sum, { vote }) => sum + vote, 0) / samples.length;
  return (
    <span
      className={clsx("text-xs tabular-nums", mean > 0 ? "text-ok" : mean < 0 && "text-bad")}
      title={plural(samples.length, {
        one: "The vote of the judge",
        other: "The mean of # votes of the judge",
      })}
    >
      {signed(mean)}
    </span>
  );
}

/** Word by word, for whoever wants to know what changed; two of the answers at a time. */
function Differences({ tried, recorded }: { tried: Case; recorded: string }) {
  const texts: [string, string][] = [
    ...(recorded ? [[t`Recorded`, recorded] as [string, string]] : []),
    ...tried.without.map(({ text }, i): [string, string] => [t`Without, answer ${i + 1}`, text]),
    ...tried.with_skill.map(({ text }, i): [string, string] => [t`With, answer ${i + 1}`, text]),
  ];
  const [isOpen, setIsOpen] = useState(false);
  const [left, setLeft] = useState(0);
  const [right, setRight] = useState(texts.length - tried.with_skill.length);
  const side = (label: string, value: number, onChange: (value: number) => void) => (
    <Select
      isInline
      aria-label={label}
      value={value}
      onChange={({ target }) => onChange(Number(target.value))}
    >
      {texts.map(([name], i) => (
        <option key={name} value={i}>
          {name}
        </option>
      ))}
    </Select>
  );
  return (
    <details className="text-xs" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary className="w-fit cursor-pointer text-mute hover:text-ink">
        <Trans>Compare two answers word by word</Trans>
      </summary>
      {isOpen && (
        <div className="mt-2 flex flex-col gap-2">
          <div className="flex flex-wrap gap-2">
            {side(t`On the left`, left, setLeft)}
            {side(t`On the right`, right, setRight)}
          </div>
          <div className="overflow-x-auto rounded-md border border-line">
            <DiffView before={texts[left]?.[1] ?? ""} after={texts[right]?.[1] ?? ""} />
          </div>
        </div>
      )}
    </details>
  );
}

function answerText({ response }: TurnDetail): string {
  const blocks = response ? messageBlocks(response) : [];
  return blocks.map((block) => (block.kind === "text" ? block.text : "")).join("\n");
}
