import { useId } from "react";
import { Field, Input } from "@/components/field";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useOffered } from "../api/connections";
import type { FormPart } from "./number-fields";

type Props = FormPart & { isFixed?: boolean };

/** The model to start from, with what the chosen connection says it has. */
export function BaseModelField({ draft, errors, onChange, isFixed }: Props) {
  const { slug } = useTenant();
  const list = useId();
  const offered = useOffered(slug, isFixed ? "" : draft.upstream);
  const models = offered.data?.models ?? [];
  return (
    <Field label="Base model" errors={errors.base_model} hint={hintOf()}>
      {(control) => (
        <>
          <Input
            {...control}
            required
            maxLength={200}
            list={list}
            autoComplete="off"
            className="font-mono text-xs"
            value={draft.base_model}
            onChange={({ target }) => onChange({ base_model: target.value })}
          />
          <datalist id={list}>
            {models.map((model) => (
              <option key={model} value={model} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );

  function hintOf(): string {
    if (draft.upstream === "") return "Choose a connection, and it is asked what it has.";
    if (offered.isFetching) return "The connection is asked what it has…";
    if (models.length > 0) {
      const some = models.slice(0, 3).join(", ");
      return models.length > 3
        ? `It has ${some} and ${models.length - 3} more.`
        : `It has ${some}.`;
    }
    const why = offered.data?.detail ?? (offered.isError ? errorText(offered.error) : "");
    if (why) return `It did not list its models (${why}). A name can be typed all the same.`;
    return "As the trainer names it.";
  }
}
