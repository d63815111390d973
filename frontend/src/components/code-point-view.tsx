import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { clsx } from "clsx";
import { useMemo } from "react";
import { changedCharacters, unusualCharacters } from "@/lib/code-points";
import { VisibleText } from "./visible-text";

const TONE = {
  same: "",
  added: "rounded-sm bg-ok-hit",
  removed: "rounded-sm bg-bad-hit line-through",
};

/** What changed, code point by code point, and every character of the text beyond plain ASCII. */
export function CodePointView({ before, after }: { before: string | null; after: string }) {
  const lines = useMemo(
    () => (before === null ? [] : changedCharacters(before, after)),
    [before, after],
  );
  const unusual = useMemo(() => unusualCharacters(after), [after]);
  return (
    <div className="flex flex-col gap-4 p-3.5">
      {before !== null && lines.length > 0 && (
        <ol aria-label={t`Changed lines`} className="font-mono text-xs leading-[1.9]">
          {lines.map((line, i) => (
            <li key={i} className="grid grid-cols-[46px_1fr]">
              <span className="pr-3.5 text-right text-mute select-none">{line.number}</span>
              <span className="break-words whitespace-pre-wrap">
                {line.changes.map((change, at) => (
                  <span key={at} className={TONE[change.kind]}>
                    {change.kind !== "same" && <span className="sr-only">{change.kind}: </span>}
                    <VisibleText text={change.text} />
                  </span>
                ))}
              </span>
            </li>
          ))}
        </ol>
      )}
      <section>
        <h3 className="mb-1.5 text-sm font-semibold">
          <Trans>Characters beyond plain ASCII</Trans>
        </h3>
        {unusual.length === 0 ? (
          <p className="text-mute">
            <Trans>There are none.</Trans>
          </p>
        ) : (
          <ul className="flex flex-wrap gap-1.5 text-xs">
            {unusual.map(({ character, code, count, isHidden }) => (
              <li
                key={code}
                className={clsx(
                  "rounded-md border px-2 py-1",
                  isHidden ? "border-bad/25 bg-bad-soft text-bad" : "border-line2",
                )}
              >
                {!isHidden && <bdi className="mr-1.5">{character}</bdi>}
                <span className="font-mono">{code}</span>{" "}
                {isHidden && (
                  <span>
                    <Trans>cannot be seen, </Trans>
                  </span>
                )}
                <span className="text-mute">
                  {plural(count, { one: "# time", other: "# times" })}
                </span>
              </li>
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}
