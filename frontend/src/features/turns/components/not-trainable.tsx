import type { TurnDetail } from "@/client/contract";

/** Why this turn may not train a model; or that it may. */
export function NotTrainable({ reasons }: { reasons: TurnDetail["not_trainable"] }) {
  return (
    <section aria-label="Training">
      <h2 className="mb-1.5 text-sm font-semibold">Training</h2>
      {reasons.length === 0 ? (
        <p className="text-sm text-mute">Nothing speaks against training on this turn.</p>
      ) : (
        <details className="text-sm">
          <summary className="w-fit cursor-pointer text-mute hover:text-ink">
            Not trainable: {reasons[0]?.sentence}
            {reasons.length > 1 && ` And ${reasons.length - 1} more.`}
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
