import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { ThumbsDown, ThumbsUp } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button";
import { CorrectionField } from "@/components/correction-field";
import { Checkbox, Field, Textarea } from "@/components/field";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useGiveOpinion } from "../api/feedback";

const COMMENT_LENGTH = 2000;

/** Thumbs up or down, with a word on why; a reviewer may make it the last word. */
export function OpinionForm({ turnId, answer }: { turnId: string; answer: string }) {
  const tenant = useTenant();
  const give = useGiveOpinion(tenant.slug, turnId);
  const [comment, setComment] = useState("");
  const [isVerdict, setVerdict] = useState(false);
  const [correction, setCorrection] = useState("");
  if (!tenant.may("member")) return null;

  const say = (value: -1 | 1) =>
    give.mutate(
      isVerdict
        ? { voice: "verdict", value, comment: comment.trim(), correction: correction.trim() }
        : { voice: "feedback", value, comment: comment.trim() },
      {
        onSuccess: () => {
          setComment("");
          setCorrection("");
        },
      },
    );

  return (
    <form
      aria-label={t`Your opinion`}
      className="mt-3 flex flex-col gap-2"
      onSubmit={(event) => event.preventDefault()}
    >
      <Field label={t`Was this answer good?`} hint={t`Optional: what was right or wrong about it.`}>
        {(control) => (
          <Textarea
            {...control}
            className="min-h-14"
            maxLength={COMMENT_LENGTH}
            value={comment}
            onChange={(event) => setComment(event.target.value)}
          />
        )}
      </Field>
      {tenant.may("reviewer") && (
        <Checkbox
          label={t`As a reviewer`}
          hint={t`Stands above the judge and all feedback.`}
          checked={isVerdict}
          onChange={(event) => setVerdict(event.target.checked)}
        />
      )}
      {isVerdict && <CorrectionField value={correction} onChange={setCorrection} answer={answer} />}
      <div className="flex gap-2">
        <Button onClick={() => say(1)} isBusy={give.isPending}>
          <ThumbsUp aria-hidden />
          <Trans>Good</Trans>
        </Button>
        <Button onClick={() => say(-1)} isBusy={give.isPending}>
          <ThumbsDown aria-hidden />
          <Trans>Bad</Trans>
        </Button>
      </div>
      {give.isError && (
        <p role="alert" className="text-xs text-bad">
          {errorText(give.error)}
        </p>
      )}
    </form>
  );
}
