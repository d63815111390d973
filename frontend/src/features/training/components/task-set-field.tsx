import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Field, Select } from "@/components/field";
import { useTenant } from "@/lib/tenant";
import { useTaskSets } from "../api/task-sets";
import type { FormPart } from "./number-fields";

export function TaskSetField({ draft, errors, onChange }: FormPart) {
  const { slug } = useTenant();
  const sets = useTaskSets(slug);
  const found = sets.data ?? [];
  return (
    <Field
      label={t`Task set`}
      errors={errors.task_set}
      hint={
        sets.isSuccess && found.length === 0
          ? t`There is none yet: add one on the Training page.`
          : undefined
      }
    >
      {(control) => (
        <Select
          {...control}
          required
          value={draft.task_set ?? ""}
          onChange={({ target }) => onChange({ task_set: target.value || null })}
        >
          <option value="">
            <Trans>Choose…</Trans>
          </option>
          {found.map(({ id, name, count }) => (
            <option key={id} value={id}>
              {name}, {plural(count, { one: "# task", other: "# tasks" })}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
