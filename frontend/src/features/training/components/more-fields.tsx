import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Upstream } from "@/client/contract";
import { Checkbox, Field, Input, Select } from "@/components/field";
import {
  BOUNDS,
  type BoundRule,
  type Draft,
  GATE,
  LEARNING,
  type NumberRule,
  PRICE,
  RHYTHM,
} from "../policy-fields";
import { ConnectionField } from "./connection-field";
import { FormSection } from "./form-section";
import { type FormPart, NumberFields } from "./number-fields";

const LOSSES: Record<Draft["loss"], string> = {
  importance_sampling: t`importance_sampling: weighs by the ratio alone`,
  ppo: "ppo: stops at the bounds of the ratio",
  cispo: "cispo: caps the weight, keeps the gradient",
  dro: "dro: a penalty on the distance instead of bounds",
  cross_entropy: t`cross_entropy: imitates; for approved and corrected answers`,
};
const WEIGHT: NumberRule[] = [
  {
    name: "kl_coefficient",
    label: t`Weight of the teacher`,
    hint: t`1 is usual; 0 is no teacher.`,
    least: 0,
  },
];

type Props = FormPart & { connections: Upstream[] };

/** Everything about a policy that has a default to live with. */
export function MoreFields({ connections, ...part }: Props) {
  const { draft, errors, onChange } = part;
  const text = (name: "agent" | "teacher_model" | "route_model" | "fallback_model") => ({
    value: draft[name],
    onChange: ({ target }: { target: { value: string } }) => onChange({ [name]: target.value }),
  });
  // Also where one is set that the loss does not take: it has to be taken out again.
  const hasSense = ({ name, losses }: BoundRule) =>
    losses.includes(draft.loss) || draft[name] !== null || errors[name] !== undefined;
  return (
    <div className="flex flex-col gap-4 pt-3">
      <FormSection title={t`Learning`}>
        <Field label={t`Loss`} errors={errors.loss}>
          {(control) => (
            <Select
              {...control}
              value={draft.loss}
              onChange={({ target }) => onChange({ loss: target.value as Draft["loss"] })}
            >
              {Object.entries(LOSSES).map(([value, name]) => (
                <option key={value} value={value}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <NumberFields rules={BOUNDS.filter(hasSense)} {...part} />
        <NumberFields rules={[...RHYTHM, ...LEARNING]} {...part} />
        <Field label={t`What counts the same`} errors={errors.normalisation}>
          {(control) => (
            <Select
              {...control}
              value={draft.normalisation}
              onChange={({ target }) =>
                onChange({ normalisation: target.value as Draft["normalisation"] })
              }
            >
              <option value="token">
                <Trans>every token</Trans>
              </option>
              <option value="sequence">
                <Trans>every answer, however long</Trans>
              </option>
            </Select>
          )}
        </Field>
        <Field
          label={t`Agent`}
          hint={t`Turns of this one alone. Empty: of all.`}
          errors={errors.agent}
        >
          {(control) => <Input {...control} maxLength={120} {...text("agent")} />}
        </Field>
      </FormSection>
      <FormSection
        title={t`Teacher`}
        note={t`A model whose probabilities of the policy's own words are learned from.`}
      >
        <ConnectionField
          label={t`Connection of the teacher`}
          errors={errors.teacher}
          nothing={t`No teacher`}
          connections={connections}
          value={draft.teacher}
          onChange={(teacher) => onChange({ teacher })}
        />
        {draft.teacher && (
          <>
            <Field label={t`Model of the teacher`} errors={errors.teacher_model}>
              {(control) => <Input {...control} maxLength={500} {...text("teacher_model")} />}
            </Field>
            <NumberFields rules={WEIGHT} {...part} />
          </>
        )}
        <Checkbox
          label={t`Rewards count`}
          hint={errors.has_rewards?.join(" ") ?? t`Off: the teacher alone.`}
          checked={draft.has_rewards}
          onChange={({ target }) => onChange({ has_rewards: target.checked })}
        />
      </FormSection>
      <FormSection title={t`Price`}>
        <NumberFields rules={PRICE} {...part} />
      </FormSection>
      <FormSection title={t`Serving`}>
        <Field
          label={t`Public model name`}
          hint={t`The route its checkpoints answer under. Empty: they answer nobody.`}
          errors={errors.route_model}
        >
          {(control) => <Input {...control} maxLength={200} {...text("route_model")} />}
        </Field>
        <ConnectionField
          label={t`Fallback`}
          hint={t`Answers where the policy cannot.`}
          errors={errors.fallback}
          nothing={t`None: the caller hears of it`}
          connections={connections}
          value={draft.fallback}
          onChange={(fallback) => onChange({ fallback })}
        />
        {draft.fallback && (
          <Field
            label={t`Model of the fallback`}
            hint={t`Empty: as it was asked for.`}
            errors={errors.fallback_model}
          >
            {(control) => <Input {...control} maxLength={200} {...text("fallback_model")} />}
          </Field>
        )}
      </FormSection>
      <FormSection
        title={t`Gate and canary`}
        note={t`What a checkpoint has to pass before it answers.`}
      >
        <NumberFields rules={GATE} {...part} />
      </FormSection>
    </div>
  );
}
