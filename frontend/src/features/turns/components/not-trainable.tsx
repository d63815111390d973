import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { TurnDetail } from "@/client/contract";

/** Why this turn may not train a model; or that it may. */
export function NotTrainable({ reasons }: { reasons: TurnDetail["not_trainable"] }) {
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
            <Trans>Not trainable: {reasons[0]?.sentence}</Trans>
            {reasons.length > 1 && t` And ${reasons.length - 1} more.`}
          </summary>
          <ul className="mt-1 flex list-disc flex-col gap-1 pl-5">
            {reasons.map(({ code, sentence }) => (
              <li key={code} className="break-words">
                {sentence}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
