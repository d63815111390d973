import { t } from "@lingui/core/macro";
import { useMemo, useState } from "react";
import type { SkillComposition } from "@/client/contract";
import { layered, type Spot } from "../composition";
import { CompositionBox } from "./composition-box";

const WIDTH = 190;
const HEIGHT = 46;
/** Where only a line passes. */
const LANE = 12;
const BESIDE = 22;
const BELOW = 56;
const EDGE = 16;

type Point = { x: number; y: number };

/** Skills in layers, a line from each to what it uses; what has the focus lights up its lines. */
export function CompositionGraph({ composition }: { composition: SkillComposition }) {
  const { layers, lines } = useMemo(() => layered(composition), [composition]);
  const [lit, setLit] = useState<string | null>(null);
  const { at, width, height } = useMemo(() => placed(layers), [layers]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section aria-label={t`Composition`} tabIndex={0} className="overflow-x-auto">
      <div className="relative mx-auto" style={{ width, height }}>
        <svg aria-hidden width={width} height={height} className="absolute inset-0">
          {lines.map(({ reference, spots }) => {
            const isLit = lit === reference.slug || lit === reference.uses;
            const isBroken = reference.trouble !== "";
            return (
              <path
                key={`${reference.slug} ${reference.uses}`}
                d={way(spots.flatMap((id) => at.get(id) ?? []))}
                fill="none"
                stroke={isBroken ? "var(--bad)" : isLit ? "var(--s1)" : "var(--line2)"}
                strokeWidth={isLit ? 2 : 1.4}
                strokeDasharray={isBroken ? "4 4" : undefined}
                opacity={lit !== null && !isLit ? 0.35 : 1}
              />
            );
          })}
        </svg>
        <ul>
          {layers.flat().map(({ id, skill }) => {
            const { x, y } = at.get(id) ?? { x: 0, y: 0 };
            if (!skill) return null;
            return (
              <li
                key={id}
                className="absolute"
                style={{ left: x - WIDTH / 2, top: y, width: WIDTH, height: HEIGHT }}
                onMouseEnter={() => setLit(id)}
                onMouseLeave={() => setLit(null)}
                onFocus={() => setLit(id)}
                onBlur={() => setLit(null)}
              >
                <CompositionBox skill={skill} />
              </li>
            );
          })}
        </ul>
      </div>
    </section>
  );
}

/** The middle of each spot's upper edge; every layer is centred. */
function placed(layers: Spot[][]) {
  const size = ({ skill }: Spot) => (skill ? WIDTH : LANE);
  const lengthOf = (layer: Spot[]) =>
    layer.reduce((sum, spot) => sum + size(spot) + BESIDE, -BESIDE);
  const width = Math.max(...layers.map(lengthOf)) + 2 * EDGE;
  const at = new Map<string, Point>();
  layers.forEach((layer, i) => {
    let x = (width - lengthOf(layer)) / 2;
    for (const spot of layer) {
      at.set(spot.id, { x: x + size(spot) / 2, y: EDGE + i * (HEIGHT + BELOW) });
      x += size(spot) + BESIDE;
    }
  });
  return { at, width, height: layers.length * (HEIGHT + BELOW) - BELOW + 2 * EDGE };
}

/** From the lower edge of the first point's layer to the upper edge of the next, and so on. */
function way(points: Point[]): string {
  return points
    .slice(1)
    .map((to, i) => {
      const from = points[i] ?? to;
      const start = from.y + HEIGHT;
      const bend = (start + to.y) / 2;
      const begin = i === 0 ? `M${from.x},${start}` : `L${from.x},${start}`;
      return `${begin} C${from.x},${bend} ${to.x},${bend} ${to.x},${to.y}`;
    })
    .join(" ");
}
