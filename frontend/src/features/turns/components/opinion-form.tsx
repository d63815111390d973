import { ThumbsDown, ThumbsUp } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button";
import { Checkbox, Field, Textarea } from "@/components/field";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useGiveOpinion } from "../api/feedback";

const COMMENT_LENGTH = 2000;

/** Thumbs up or down, with a word on why; a reviewer may make it the last word. */
export function OpinionForm({ turnId }: { turnId: string }) {
  const tenant = useTenant();
  const give = useGiveOpinion(tenant.slug, turnId);
  const [comment, setComment] = useState("");
  const [isVerdict, setVerdict] = useState(false);
  if (!tenant.may("member")) return null;

  const say = (value: -1 | 1) =>
    give.mutate(
      { voice: isVerdict ? "verdict" : "feedback", value, comment: comment.trim() },
      { onSuccess: () => setComment("") },
    );

  return (
    <form
      aria-label="Your opinion"
      className="mt-3 flex flex-col gap-2"
      onSubmit={(event) => event.preventDefault()}
    >
      <Field label="Was this answer good?" hint="Optional: what was right or wrong about it.">
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
          label="As a reviewer"
          hint="Stands above the judge and all feedback."
          checked={isVerdict}
          onChange={(event) => setVerdict(event.target.checked)}
        />
      )}
      <div className="flex gap-2">
        <Button onClick={() => say(1)} isBusy={give.isPending}>
          <ThumbsUp aria-hidden /> Good
        </Button>
        <Button onClick={() => say(-1)} isBusy={give.isPending}>
          <ThumbsDown aria-hidden /> Bad
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
