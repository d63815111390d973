import { Field } from "@/components/field";
import { NumberOrNothing } from "@/components/number-or-nothing";
import type { Draft, NumberRule } from "../policy-fields";

export type FormPart = {
  draft: Draft;
  errors: Record<string, string[]>;
  onChange: (change: Partial<Draft>) => void;
};

type Props = FormPart & { rules: NumberRule[] };

/** Numbers that belong together, each beside its name. */
export function NumberFields({ rules, draft, errors, onChange }: Props) {
  return rules.map(({ name, label, hint, least, most, isWhole, isOptional, per = 1 }) => (
    <Field key={name} isBeside label={label} hint={hint} errors={errors[name]}>
      {(control) => (
        <NumberOrNothing
          {...control}
          required={!isOptional}
          min={least}
          max={most}
          step={isWhole ? 1 : "any"}
          className="text-right"
          value={shown(draft[name], per)}
          onChange={(typed) => onChange({ [name]: kept(typed, per) })}
        />
      )}
    </Field>
  ));
}

/** Through a text of twelve digits: 0.07 of one is 7 of a hundred, and not 7.000000000000001. */
const trim = (value: number) => Number(value.toPrecision(12));
const shown = (value: number | null, per: number) => (value === null ? null : trim(value / per));
const kept = (typed: number | null, per: number) => (typed === null ? null : trim(typed * per));
