import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { PencilLine } from "lucide-react";
import type { RefObject } from "react";
import { Button } from "./button";
import { Field, Textarea } from "./field";

const LENGTH = 50_000;

type Props = {
  value: string;
  onChange: (text: string) => void;
  /** What was answered, to begin from. */
  answer?: string;
  ref?: RefObject<HTMLTextAreaElement | null>;
};

/** What should have been answered: policies that learn from people learn to say it. */
export function CorrectionField({ value, onChange, answer, ref }: Props) {
  return (
    <div className="flex flex-col items-start gap-1.5">
      <div className="w-full">
        <Field
          label={t`Better answer`}
          hint={t`Optional: what it should have said. The evolver reads it, and policies that learn from people learn to say it.`}
        >
          {(control) => (
            <Textarea
              {...control}
              ref={ref}
              className="min-h-20"
              maxLength={LENGTH}
              value={value}
              onChange={(event) => onChange(event.target.value)}
            />
          )}
        </Field>
      </div>
      {answer && !value && (
        <Button variant="ghost" onClick={() => onChange(answer)}>
          <PencilLine aria-hidden />
          <Trans>Start from its answer</Trans>
        </Button>
      )}
    </div>
  );
}
