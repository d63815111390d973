import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { clsx } from "clsx";
import { useMemo, useState } from "react";
import type { SkillComposition } from "@/client/contract";
import { Tag } from "@/components/tag";
import { formatCount } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { layered, type PlacedSkill } from "../composition";

const WIDTH = 190;
const HEIGHT = 46;
const BESIDE = 22;
const BELOW = 56;
const EDGE = 16;

type Point = { x: number; y: number };
type Line = { from: Point; to: Point; isBroken: boolean; isLit: boolean; isDim: boolean };

/** Skills in layers, a line from each to what it uses; what has the focus lights up its lines. */
export function CompositionGraph({ composition }: { composition: SkillComposition }) {
  const layers = useMemo(() => layered(composition), [composition]);
  const [lit, setLit] = useState<string | null>(null);
  const widest = Math.max(...layers.map((layer) => layer.length));
  const width = widest * (WIDTH + BESIDE) - BESIDE + 2 * EDGE;
  const height = layers.length * (HEIGHT + BELOW) - BELOW + 2 * EDGE;
  const at = ({ layer, place }: PlacedSkill): Point => {
    const used = (layers[layer]?.length ?? 1) * (WIDTH + BESIDE) - BESIDE;
    return { x: (width - used) / 2 + place * (WIDTH + BESIDE), y: EDGE + layer * (HEIGHT + BELOW) };
  };
  const placed = new Map(layers.flat().map((skill) => [skill.slug, at(skill)]));
  const lines = composition.references.flatMap(({ slug, uses, trouble }): Line[] => {
    const from = placed.get(slug);
    const to = placed.get(uses);
    if (!from || !to) return [];
    const isLit = lit === slug || lit === uses;
    return [{ from, to, isBroken: trouble !== "", isLit, isDim: lit !== null && !isLit }];
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section aria-label={t`Composition`} tabIndex={0} className="overflow-x-auto">
      <div className="relative mx-auto" style={{ width, height }}>
        <svg aria-hidden width={width} height={height} className="absolute inset-0">
          {lines.map((line, i) => (
            <path
              key={i}
              d={curve(line)}
              fill="none"
              stroke={line.isBroken ? "var(--bad)" : line.isLit ? "var(--s1)" : "var(--line2)"}
              strokeWidth={line.isLit ? 2 : 1.4}
              strokeDasharray={line.isBroken ? "4 4" : undefined}
              opacity={line.isDim ? 0.35 : 1}
            />
          ))}
        </svg>
        <ul>
          {layers.flat().map((skill) => {
            const { x, y } = at(skill);
            return (
              <li
                key={skill.slug}
                className="absolute"
                style={{ left: x, top: y, width: WIDTH, height: HEIGHT }}
                onMouseEnter={() => setLit(skill.slug)}
                onMouseLeave={() => setLit(null)}
                onFocus={() => setLit(skill.slug)}
                onBlur={() => setLit(null)}
              >
                <Box skill={skill} />
              </li>
            );
          })}
        </ul>
      </div>
    </section>
  );
}

function Box({ skill }: { skill: PlacedSkill }) {
  const { slug } = useTenant();
  const isThere = skill.status !== "missing";
  const look = clsx(
    "flex h-full flex-col justify-center rounded-md border bg-panel px-2.5",
    skill.status === "live" ? "border-line2" : "border-dashed border-bad",
  );
  const inside = (
    <>
      <span className="flex items-center gap-1.5">
        <span className="min-w-0 truncate text-sm font-medium" title={skill.slug}>
          {skill.slug}
        </span>
        {skill.status === "retired" && (
          <Tag tone="warn">
            <Trans>retired</Trans>
          </Tag>
        )}
        {skill.status === "missing" && (
          <Tag tone="bad">
            <Trans>not there</Trans>
          </Tag>
        )}
      </span>
      {isThere && (
        <span className="truncate text-2xs text-mute">
          {skill.version !== null && `v${skill.version}, `}
          {skill.tokens_together > skill.tokens
            ? t`${formatCount(skill.tokens)} tokens, ${formatCount(skill.tokens_together)} with what it uses`
            : t`${formatCount(skill.tokens)} tokens`}
        </span>
      )}
    </>
  );
  if (!isThere) return <div className={look}>{inside}</div>;
  return (
    <Link
      to="/t/$tenant/skills/$skillSlug"
      params={{ tenant: slug, skillSlug: skill.slug }}
      className={clsx(look, "hover:bg-bg")}
    >
      {inside}
    </Link>
  );
}

function curve({ from, to }: Line): string {
  const [x1, y1] = [from.x + WIDTH / 2, from.y + HEIGHT];
  const [x2, y2] = [to.x + WIDTH / 2, to.y];
  const bend = (y2 - y1) / 2;
  return `M${x1},${y1} C${x1},${y1 + bend} ${x2},${y2 - bend} ${x2},${y2}`;
}
