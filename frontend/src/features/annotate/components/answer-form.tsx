import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { clsx } from "clsx";
import { Check, Minus, SkipForward, X } from "lucide-react";
import { useRef, useState } from "react";
import { useHotkeys } from "react-hotkeys-hook";
import { Button, buttonClass } from "@/components/button";
import { CorrectionField } from "@/components/correction-field";
import { Field, Textarea } from "@/components/field";
import { Kbd } from "@/components/kbd";
import { MOD_KEY, usePageKey } from "@/lib/hotkeys";
import type { AnnotationAnswer, Verdict } from "../api/annotations";

const COMMENT_LENGTH = 2000;
const CHOICES: { value: Verdict; name: string; digit: string; icon: typeof Check }[] = [
  { value: -1, name: t`Failed`, digit: "1", icon: X },
  { value: 0, name: t`Neither`, digit: "2", icon: Minus },
  { value: 1, name: t`Passed`, digit: "3", icon: Check },
];

type Props = {
  id: string;
  /** What was answered, for whoever would have answered otherwise. */
  answered: string;
  isBusy: boolean;
  onAnswer: (answer: AnnotationAnswer) => void;
  onSkip: () => void;
};

/** 1, 2 or 3 chooses, c and e lead to the texts, ⌘↵ saves and goes on: also while a comment is typed. */
export function AnswerForm({ id, answered, isBusy, onAnswer, onSkip }: Props) {
  const [value, setValue] = useState<Verdict | null>(null);
  const [comment, setComment] = useState("");
  const [correction, setCorrection] = useState("");
  const box = useRef<HTMLTextAreaElement>(null);
  const better = useRef<HTMLTextAreaElement>(null);

  function save() {
    if (value === null || isBusy) return;
    onAnswer({ id, value, comment: comment.trim(), correction: correction.trim() });
  }

  usePageKey("1,2,3", (_event, { keys }) => {
    const chosen = CHOICES.find(({ digit }) => digit === keys?.at(-1));
    if (chosen) setValue(chosen.value);
  });
  usePageKey("s", onSkip, { enabled: !isBusy });
  usePageKey("c", (event) => {
    event.preventDefault();
    box.current?.focus();
  });
  usePageKey("e", (event) => {
    event.preventDefault();
    better.current?.focus();
  });
  useHotkeys("mod+enter", save, { enableOnFormTags: true, preventDefault: true }, [save]);
  useHotkeys("escape", () => (document.activeElement as HTMLElement | null)?.blur(), {
    enableOnFormTags: ["textarea"],
  });

  return (
    <form
      aria-label={t`Your verdict`}
      className="flex flex-col gap-3"
      onSubmit={(event) => event.preventDefault()}
    >
      <fieldset className="flex flex-col gap-1">
        <legend className="mb-1 text-sm font-medium">
          <Trans>How did this turn go?</Trans>
        </legend>
        <div className="grid gap-1">
          {CHOICES.map((choice) => (
            <Choice
              key={choice.value}
              {...choice}
              isChosen={choice.value === value}
              onChoose={() => setValue(choice.value)}
            />
          ))}
        </div>
      </fieldset>
      <Field label={t`Why`} hint={t`Optional. The evolver and reviewers read it.`}>
        {(control) => (
          <Textarea
            {...control}
            ref={box}
            className="min-h-16"
            maxLength={COMMENT_LENGTH}
            value={comment}
            onChange={(event) => setComment(event.target.value)}
          />
        )}
      </Field>
      <CorrectionField ref={better} value={correction} onChange={setCorrection} answer={answered} />
      <div className="flex flex-wrap gap-2">
        <Button
          variant="primary"
          aria-keyshortcuts={MOD_KEY === "⌘" ? "Meta+Enter" : "Control+Enter"}
          disabled={value === null}
          isBusy={isBusy}
          onClick={save}
        >
          <Trans>
            Save and next <Kbd isInherit>{MOD_KEY} ↵</Kbd>
          </Trans>
        </Button>
        <Button shortcut="s" isBusy={isBusy} onClick={onSkip}>
          <SkipForward aria-hidden />
          <Trans>Skip</Trans>
        </Button>
      </div>
      <p className="text-xs text-mute">
        <Trans>What the judge said is shown after you answered.</Trans>
      </p>
    </form>
  );
}

type ChoiceProps = (typeof CHOICES)[number] & { isChosen: boolean; onChoose: () => void };

function Choice({ name, digit, icon: Icon, isChosen, onChoose }: ChoiceProps) {
  return (
    <label
      className={clsx(
        buttonClass({ variant: isChosen ? "primary" : "plain" }),
        "cursor-pointer has-focus-visible:outline-2 [&_svg]:shrink-0",
      )}
    >
      <input
        type="radio"
        name="verdict"
        className="sr-only"
        checked={isChosen}
        onChange={onChoose}
        aria-keyshortcuts={digit}
      />
      <Icon aria-hidden /> {name} <Kbd isInherit>{digit}</Kbd>
    </label>
  );
}
