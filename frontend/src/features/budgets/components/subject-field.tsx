import { t } from "@lingui/core/macro";
import { Field, Select } from "@/components/field";
import { useTenant } from "@/lib/tenant";
import { useSubjects } from "../api/limits";

type Props = { value: string; onChange: (value: string) => void; errors?: string[] };

/** Whom a limit is for: everybody together, one key, or one agent. */
export function SubjectField({ value, onChange, errors }: Props) {
  const { keys, agents } = useSubjects(useTenant().slug);
  const senders = keys.filter(
    ({ scopes, revoked_at }) => scopes.includes("gateway") && !revoked_at,
  );
  return (
    <Field label={t`For`} errors={errors}>
      {(control) => (
        <Select {...control} value={value} onChange={({ target }) => onChange(target.value)}>
          <option value="tenant">{t`The whole workspace`}</option>
          {senders.length > 0 && (
            <optgroup label={t`Keys`}>
              {senders.map(({ id, name }) => (
                <option key={id} value={`key:${id}`}>
                  {name}
                </option>
              ))}
            </optgroup>
          )}
          {agents.length > 0 && (
            <optgroup label={t`Agents`}>
              {agents.map(({ id, name }) => (
                <option key={id} value={`agent:${name}`}>
                  {name}
                </option>
              ))}
            </optgroup>
          )}
        </Select>
      )}
    </Field>
  );
}
