import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import type { AnnotationDetail } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Banner } from "@/components/banner";
import { Markdown } from "@/components/markdown";
import { Tag } from "@/components/tag";
import { words } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { useAnnotationLease } from "../api/annotations";

/** What the judge read of the turn: nothing of what it said. */
export function AskedTurn({ item }: { item: AnnotationDetail }) {
  useAnnotationLease(useTenant().slug, item.id);
  const { turn } = item;
  if (!turn) return <Banner tone="warn" title={t`This turn is gone. Skip it.`} />;
  return (
    <div className="flex flex-col gap-4">
      {item.is_by_hand && (
        <Banner title={t`${item.added_by} asks about this turn`}>
          {item.note && <p className="break-words">{item.note}</p>}
        </Banner>
      )}
      <p className="flex flex-wrap items-center gap-2 text-xs text-mute">
        <Ago at={turn.at} />
        {turn.skills.map(({ slug, version }) => (
          <Tag key={slug} tone="info">
            {slug}@{version}
          </Tag>
        ))}
      </p>
      {turn.system && (
        <Folded name={t`Instructions`}>
          <p className="whitespace-pre-wrap">{turn.system}</p>
        </Folded>
      )}
      {turn.messages.length > 1 && (
        <Folded
          name={t`The conversation before, ${plural(turn.messages.length, { one: "# message", other: "# messages" })}`}
        >
          <ol className="flex flex-col gap-2">
            {turn.messages.map(({ role, content }, at) => (
              <li key={at}>
                <span className="text-mute">{words(role)}</span>
                <p className="break-words whitespace-pre-wrap">{content}</p>
              </li>
            ))}
          </ol>
        </Folded>
      )}
      <Said name={t`Asked`} text={turn.user} />
      <Said name={t`Answered`} text={turn.response} isAnswer />
      {turn.follow_up !== null && <Said name={t`What the user said next`} text={turn.follow_up} />}
    </div>
  );
}

function Said({ name, text, isAnswer }: { name: string; text: string; isAnswer?: boolean }) {
  return (
    <section aria-label={name} className={isAnswer ? "border-l-2 border-ink pl-3.5" : "pl-4"}>
      <h2 className="mb-1 text-xs font-semibold text-mute">{name}</h2>
      {text ? (
        <Markdown text={text} />
      ) : (
        <p className="text-mute">
          <Trans>No text.</Trans>
        </p>
      )}
    </section>
  );
}

function Folded({ name, children }: { name: string; children: ReactNode }) {
  return (
    <details className="text-sm">
      <summary className="w-fit cursor-pointer text-mute hover:text-ink">{name}</summary>
      <div className="mt-1.5 border-l border-line pl-3.5">{children}</div>
    </details>
  );
}
