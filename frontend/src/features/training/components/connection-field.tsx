import { t } from "@lingui/core/macro";
import type { Upstream } from "@/client/contract";
import { Field, Select } from "@/components/field";

type Props = {
  label: string;
  hint?: string;
  errors?: string[];
  connections: Upstream[];
  value: string | null;
  /** What stands for no connection; without it one has to be chosen. */
  nothing?: string;
  onChange: (id: string | null) => void;
};

export function ConnectionField({ connections, value, nothing, onChange, ...field }: Props) {
  return (
    <Field {...field}>
      {(control) => (
        <Select
          {...control}
          required={nothing === undefined}
          value={value ?? ""}
          onChange={({ target }) => onChange(target.value || null)}
        >
          <option value="">{nothing ?? t`Choose…`}</option>
          {connections.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
