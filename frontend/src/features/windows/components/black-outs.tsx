import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Plus, Trash2 } from "lucide-react";
import type { WindowRules } from "@/client/contract";
import { Button } from "@/components/button";
import { Input } from "@/components/field";

type BlackOut = WindowRules["black_outs"][number];
type Props = { rows: BlackOut[]; errors: string[]; onChange: (rows: BlackOut[]) => void };

const MOST = 60;

/** Days on which nothing trains. */
export function BlackOuts({ rows, errors, onChange }: Props) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-1.5">
      <legend className="mb-1 text-sm font-medium">
        <Trans>Days without training</Trans>
      </legend>
      {rows.map((row, place) => {
        const name = t`Days ${place + 1}`;
        const set = (change: Partial<BlackOut>) =>
          onChange(rows.with(place, { ...row, ...change }));
        return (
          // Rows have no names of their own; their place is what they are.
          <div key={place} className="flex flex-wrap items-center gap-1.5">
            <Input
              isInline
              required
              type="date"
              className="min-w-0 flex-1"
              aria-label={t`${name}: first`}
              value={row.first}
              onChange={({ target }) => set({ first: target.value })}
            />
            <Input
              isInline
              required
              type="date"
              className="min-w-0 flex-1"
              aria-label={t`${name}: last`}
              min={row.first}
              value={row.last}
              onChange={({ target }) => set({ last: target.value })}
            />
            <Button
              variant="ghost"
              isIcon
              aria-label={t`Remove ${name}`}
              onClick={() => onChange(rows.filter((_, at) => at !== place))}
            >
              <Trash2 aria-hidden />
            </Button>
            <Input
              isInline
              className="w-full"
              placeholder={t`Why`}
              maxLength={80}
              aria-label={t`${name}: note`}
              value={row.note}
              onChange={({ target }) => set({ note: target.value })}
            />
          </div>
        );
      })}
      <Button
        className="self-start"
        disabled={rows.length >= MOST}
        onClick={() => onChange([...rows, { first: "", last: "", note: "" }])}
      >
        <Plus aria-hidden />
        <Trans>Add days</Trans>
      </Button>
      {errors.length > 0 && <p className="text-xs text-bad">{errors.join(" ")}</p>}
    </fieldset>
  );
}
