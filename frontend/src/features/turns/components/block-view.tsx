import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Paperclip, Wrench } from "lucide-react";
import type { ReactNode } from "react";
import { CodeBlock } from "@/components/code-block";
import { FencedText } from "@/components/fenced-text";
import type { Block } from "@/lib/messages";
import { Injected } from "./injected";

export function BlockView({ block, marked }: { block: Block; marked: string }) {
  switch (block.kind) {
    case "text":
      return <MarkedText text={block.text} marked={marked} />;
    case "thinking":
      return (
        <Folded name={t`Thinking`}>
          <p className="break-words whitespace-pre-wrap text-mute">{block.text}</p>
        </Folded>
      );
    case "tool_call":
      return (
        <Folded
          name={
            <>
              <Wrench className="size-3" aria-hidden />
              <Trans>
                calls <span className="font-mono text-ink">{block.name || t`a tool`}</span>
              </Trans>
            </>
          }
        >
          <CodeBlock code={block.args} label={t`arguments`} />
        </Folded>
      );
    case "tool_result":
      return (
        <Folded name={block.isError ? t`Tool failed` : t`Tool result`}>
          <CodeBlock code={block.text} label={t`tool result`} />
        </Folded>
      );
    case "attachment":
      return (
        <p className="flex items-center gap-1.5 text-mute">
          <Paperclip className="size-3.5" aria-hidden /> {block.label}
        </p>
      );
    case "other":
      return <CodeBlock code={block.json} label={t`part`} />;
  }
}

function MarkedText({ text, marked }: { text: string; marked: string }) {
  const at = marked ? text.indexOf(marked) : -1;
  if (at < 0) return <FencedText text={text} />;
  return (
    <>
      <FencedText text={text.slice(0, at)} />
      <Injected text={marked} />
      <FencedText text={text.slice(at + marked.length)} />
    </>
  );
}

function Folded({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <details className="rounded-md border border-line bg-bg">
      <summary className="cursor-pointer px-2.5 py-1.5 text-xs text-mute hover:text-ink">
        <span className="inline-flex items-center gap-1.5">{name}</span>
      </summary>
      <div className="border-t border-line p-2">{children}</div>
    </details>
  );
}
