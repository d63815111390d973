import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { clsx } from "clsx";
import { useMemo } from "react";
import { alignLines, type Row, type Side } from "@/lib/align";
import { VisibleText } from "./visible-text";

/** Two versions side by side; a text without a base is shown whole, as added. */
export function DiffView({ before, after }: { before: string | null; after: string }) {
  const rows = useMemo(() => alignLines(before ?? "", after), [before, after]);
  if (before === null) return <AddedText rows={rows} />;
  return (
    <table className="w-full table-fixed border-collapse font-mono text-xs leading-[1.7]">
      <caption className="sr-only">
        <Trans>Before on the left, after on the right</Trans>
      </caption>
      <colgroup>
        <col className="w-10" />
        <col />
        <col className="w-10" />
        <col />
      </colgroup>
      <tbody>
        {rows.map((row, i) => (
          <tr key={i} data-kind={row.kind} className="align-top">
            <Cells side={row.left} place="left" kind={row.kind} />
            <Cells side={row.right} place="right" kind={row.kind} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function AddedText({ rows }: { rows: Row[] }) {
  return (
    <table className="w-full table-fixed border-collapse font-mono text-xs leading-[1.7]">
      <caption className="sr-only">
        <Trans>The whole text is new</Trans>
      </caption>
      <colgroup>
        <col className="w-12" />
        <col />
      </colgroup>
      <tbody>
        {rows.map((row, i) => (
          <tr key={i} data-kind="added" className="align-top">
            <Cells side={row.right} place="right" kind="added" />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type CellsProps = { side: Side | null; place: "left" | "right"; kind: Row["kind"] };

function Cells({ side, place, kind }: CellsProps) {
  const edge = place === "right" && "border-l border-line";
  if (!side) return <td colSpan={2} className={clsx("bg-sunk", edge)} />;
  const isHit = kind !== "same";
  const tone = isHit && (place === "left" ? "bg-bad-soft" : "bg-ok-soft");
  const hit = place === "left" ? "bg-bad-hit" : "bg-ok-hit";
  return (
    <>
      <td
        className={clsx(
          "pr-2.5 text-right text-2xs leading-[1.85] text-mute select-none",
          tone,
          edge,
        )}
      >
        {side.number}
      </td>
      <td className={clsx("pr-3 pl-1 break-words whitespace-pre-wrap", tone)}>
        {isHit && <span className="sr-only">{place === "left" ? t`removed:` : t`added:`} </span>}
        {side.segments.map((segment, i) => (
          <span key={i} className={segment.isChanged ? clsx("rounded-sm", hit) : undefined}>
            <VisibleText text={segment.text} />
          </span>
        ))}
      </td>
    </>
  );
}
