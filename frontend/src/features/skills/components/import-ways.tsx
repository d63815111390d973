import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { clsx } from "clsx";
import { useId } from "react";
import { errorText } from "@/lib/api";
import type { Rehearsal } from "../api/importing";
import { FieldProblems } from "./field-problems";

export type ImportWay = "live" | "proposals";

type Props = { rehearsal: Rehearsal; value: ImportWay; onChange: (way: ImportWay) => void };

/** Live, or for review; a way that is not open says why. */
export function ImportWays({ rehearsal: { live, proposals }, value, onChange }: Props) {
  const group = useId();
  const ways = [
    {
      way: "live" as const,
      name: t`Live at once`,
      does: t`The skills go into prompts from now on, in the next request that they fit. All of them, or none.`,
      error: live?.error ?? null,
      refusal: live === null ? t`Admins and above may import skills that go live.` : "",
    },
    {
      way: "proposals" as const,
      name: t`As proposals`,
      does: t`Each waits on the Review page, checked like any other. No prompt changes until somebody approves it.`,
      error: proposals.error,
      refusal: "",
    },
  ];
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 font-medium">
        <Trans>How</Trans>
      </legend>
      {ways.map(({ way, name, does, error, refusal }) => {
        const isShut = error !== null || refusal !== "";
        return (
          <label
            key={way}
            className={clsx(
              "flex items-start gap-2.5 rounded-md border px-3 py-2",
              value === way ? "border-ink" : "border-line2",
              isShut ? "cursor-not-allowed" : "cursor-pointer",
            )}
          >
            <input
              type="radio"
              name={group}
              checked={value === way}
              disabled={isShut}
              onChange={() => onChange(way)}
              className="mt-[3px] size-3.5 accent-ink"
            />
            <span className="min-w-0">
              <span className="font-medium">{name}</span>
              <span className="block text-xs text-mute">{refusal || does}</span>
              {error && (
                <span className="mt-1 block text-xs text-bad">
                  <Trans>Not this file: {errorText(error)}</Trans>
                  <FieldProblems error={error} />
                </span>
              )}
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}
