import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { TurnDetail } from "@/client/contract";
import { saidText } from "@/lib/said";

/** Why this turn may not train a model; or that it may. */
export function NotTrainable({ reasons }: { reasons: TurnDetail["not_trainable"] }) {
  const told = reasons.map(({ code, sentence, sentence_said }) => ({
    code,
    text: saidText(sentence, sentence_said),
  }));
  return (
    <section aria-label={t`Training`}>
      <h2 className="mb-1.5 text-sm font-semibold">
        <Trans>Training</Trans>
      </h2>
      {reasons.length === 0 ? (
        <p className="text-sm text-mute">
          <Trans>Nothing speaks against training on this turn.</Trans>
        </p>
      ) : (
        <details className="text-sm">
          <summary className="w-fit cursor-pointer text-mute hover:text-ink">
            <Trans>Not trainable: {told[0]?.text}</Trans>
            {reasons.length > 1 && t` And ${reasons.length - 1} more.`}
          </summary>
          <ul className="mt-1 flex list-disc flex-col gap-1 pl-5">
            {told.map(({ code, text }) => (
              <li key={code} className="break-words">
                {text}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
