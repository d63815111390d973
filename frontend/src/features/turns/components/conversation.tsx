import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import type { Message, TurnDetail } from "@/client/contract";
import { messageBlocks, plainText } from "@/lib/messages";
import { BlockView } from "./block-view";
import { Injected } from "./injected";

/** The whole conversation; what earlier turns already showed is folded away. */
export function Conversation({ turn }: { turn: TurnDetail }) {
  const { injection, messages, new_from, response } = turn;
  const earlier = messages.slice(0, new_from);
  const fresh = messages.slice(new_from);
  const marked = injection.text;
  const isInSystem = injection.place === "system" && marked !== "";
  const isFoundInside = marked !== "" && (turn.system ?? "").includes(marked);
  return (
    <section aria-label={t`Conversation`} className="flex flex-col gap-4">
      <h2 className="sr-only">
        <Trans>Conversation</Trans>
      </h2>
      {(turn.system || isInSystem) && (
        <Speech speaker="system" isFolded={!isInSystem && (turn.system ?? "").length > 600}>
          {turn.system && <BlockView block={{ kind: "text", text: turn.system }} marked={marked} />}
          {isInSystem && !isFoundInside && <Injected text={marked} />}
        </Speech>
      )}
      {earlier.length > 0 && (
        <details>
          <summary className="w-fit cursor-pointer text-xs text-mute hover:text-ink">
            {plural(earlier.length, { one: "# earlier message", other: "# earlier messages" })}
          </summary>
          <div className="mt-3 flex flex-col gap-4 border-l border-line pl-3">
            {earlier.map((message, i) => (
              <MessageView key={i} message={message} marked={marked} />
            ))}
          </div>
        </details>
      )}
      {fresh.map((message, i) => (
        <MessageView key={i} message={message} marked={marked} />
      ))}
      {injection.place === "tail" && marked && !isInMessages(messages, marked) && (
        <Injected text={marked} />
      )}
      {response ? (
        <MessageView
          message={{ ...response, role: response.role || "assistant" }}
          marked=""
          isAnswer
        />
      ) : (
        <Speech speaker="assistant">
          <p className="text-mute">
            <Trans>No answer was recorded.</Trans>
          </p>
        </Speech>
      )}
    </section>
  );
}

type MessageProps = { message: Message; marked: string; isAnswer?: boolean };

function MessageView({ message, marked, isAnswer }: MessageProps) {
  const blocks = messageBlocks(message);
  return (
    <Speech speaker={message.role} isAnswer={isAnswer}>
      {blocks.length === 0 && (
        <p className="text-mute">
          <Trans>empty</Trans>
        </p>
      )}
      {blocks.map((block, i) => (
        <BlockView key={i} block={block} marked={marked} />
      ))}
    </Speech>
  );
}

type SpeechProps = { speaker: string; children: ReactNode; isAnswer?: boolean; isFolded?: boolean };

const EDGE: Record<string, string> = {
  user: "var(--s3)",
  assistant: "var(--s1)",
  tool: "var(--s4)",
};

function Speech({ speaker, children, isAnswer, isFolded }: SpeechProps) {
  const name = isAnswer ? t`assistant · this turn` : speaker;
  const body = <div className="mt-1 flex flex-col gap-2">{children}</div>;
  return (
    <div className="border-l-2 pl-3" style={{ borderColor: EDGE[speaker] ?? "var(--line2)" }}>
      {isFolded ? (
        <details>
          <summary className="cursor-pointer text-xs text-mute hover:text-ink">{name}</summary>
          {body}
        </details>
      ) : (
        <>
          <h3 className="text-xs text-mute">{name}</h3>
          {body}
        </>
      )}
    </div>
  );
}

function isInMessages(messages: Message[], text: string): boolean {
  return messages.some((message) => plainText(message.content).includes(text));
}
