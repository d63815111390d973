import { Trans } from "@lingui/react/macro";
import { clsx } from "clsx";
import { useState } from "react";

type Props = { caption: string; heads: string[]; rows: () => string[][] };

/** The same numbers as rows, for reading them one by one. They are made when somebody looks. */
export function ChartTable({ caption, heads, rows }: Props) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details
      className="border-t border-line px-3.5 py-1.5 text-xs text-mute"
      onToggle={(event) => setIsOpen(event.currentTarget.open)}
    >
      <summary className="w-fit cursor-pointer hover:text-ink">
        <Trans>Show as a table</Trans>
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="max-h-64 overflow-auto py-1.5" tabIndex={0} aria-label={caption}>
        <table className="text-right tabular-nums">
          <caption className="sr-only">{caption}</caption>
          <thead>
            <tr>
              {heads.map((head, i) => (
                <th
                  key={head}
                  scope="col"
                  className={clsx("py-0.5 font-normal whitespace-nowrap", i > 0 && "pl-5")}
                >
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="text-ink">
            {(isOpen ? rows() : []).map(([first, ...others]) => (
              <tr key={first}>
                <th scope="row" className="font-normal">
                  {first}
                </th>
                {others.map((cell, i) => (
                  <td key={i} className="pl-5 whitespace-nowrap">
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
