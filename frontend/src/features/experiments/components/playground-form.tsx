import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, type KeyboardEvent, useId, useState } from "react";
import type { TryoutAsked } from "@/client/contract";
import { Button } from "@/components/button";
import { Field, Input, Textarea } from "@/components/field";
import { Kbd } from "@/components/kbd";
import { Panel } from "@/components/panel";
import type { FieldErrors } from "@/lib/api";
import { MOD_KEY } from "@/lib/hotkeys";
import { tagsIn } from "@/lib/scope";
import { useTenant } from "@/lib/tenant";
import { useAgentNames } from "../api/tryout";

type Props = {
  onAsk: (asked: Omit<TryoutAsked, "on_trial">) => void;
  isBusy: boolean;
  errors: FieldErrors;
};

export function PlaygroundForm({ onAsk, isBusy, errors }: Props) {
  const { slug } = useTenant();
  const agents = useAgentNames(slug);
  const names = useId();
  const [message, setMessage] = useState("");
  const [agent, setAgent] = useState("");
  const [tags, setTags] = useState("");
  const [isRead, setIsRead] = useState(true);

  function submit(event: FormEvent | KeyboardEvent) {
    event.preventDefault();
    const read = tagsIn(tags);
    setIsRead(read !== null);
    if (read !== null && message.trim()) {
      onAsk({ message: message.trim(), agent: agent.trim(), tags: read });
    }
  }

  return (
    <Panel className="p-3.5">
      <form
        onSubmit={submit}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) submit(event);
        }}
        className="flex flex-col gap-3.5"
        aria-label={t`Try a message`}
      >
        <Field label={t`Message`} errors={errors.message}>
          {(control) => (
            <Textarea
              {...control}
              rows={6}
              maxLength={20_000}
              placeholder={t`When is the release meeting, on which date and time?`}
              value={message}
              onChange={({ target }) => setMessage(target.value)}
            />
          )}
        </Field>
        <Field
          label={t`Agent`}
          errors={errors.agent}
          hint={t`Its settings hold; empty: none of its own.`}
        >
          {(control) => (
            <>
              <Input
                {...control}
                list={names}
                maxLength={120}
                value={agent}
                onChange={({ target }) => setAgent(target.value)}
              />
              <datalist id={names}>
                {agents.data?.map((name) => (
                  <option key={name} value={name} />
                ))}
              </datalist>
            </>
          )}
        </Field>
        <Field
          label={t`Tags`}
          errors={isRead ? errors.tags : [t`Write each tag as name=value.`]}
          hint={t`name=value, one a line, as X-MetaClaw-Tag-name carries them.`}
        >
          {(control) => (
            <Textarea
              {...control}
              rows={2}
              className="min-h-14 font-mono text-xs"
              value={tags}
              onChange={({ target }) => setTags(target.value)}
            />
          )}
        </Field>
        <div className="flex items-center gap-2">
          <Button type="submit" variant="primary" isBusy={isBusy} disabled={!message.trim()}>
            <Trans>Try it</Trans>
          </Button>
          <span className="text-xs text-mute" aria-hidden>
            <Kbd>{MOD_KEY}</Kbd> <Kbd>↵</Kbd>
          </span>
        </div>
      </form>
    </Panel>
  );
}
