import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type ReactNode, useId } from "react";
import { Field, Input } from "@/components/field";
import { errorText } from "@/lib/api";
import { saidText } from "@/lib/said";
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
  const choose = (base_model: string) => onChange({ base_model });
  return (
    <Field label={t`Base model`} errors={errors.base_model} hint={hintOf()}>
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
            onChange={({ target }) => choose(target.value)}
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

  function hintOf(): ReactNode {
    if (draft.upstream === "") return t`Choose a connection, and it is asked what it has.`;
    if (offered.isFetching) return t`The connection is asked what it has…`;
    if (models.length > 0) return <Offered models={models} onChoose={choose} />;
    const { data } = offered;
    const told = data && saidText(data.detail, data.detail_said);
    const why = told ?? (offered.isError ? errorText(offered.error) : "");
    if (why) return t`It did not list its models (${why}). A name can be typed all the same.`;
    return t`As the trainer names it.`;
  }
}

const SHOWN = 4;

function Offered({ models, onChoose }: { models: string[]; onChoose: (model: string) => void }) {
  const others = models.length - SHOWN;
  return (
    <>
      <Trans>It has </Trans>
      {models.slice(0, SHOWN).map((model, i) => (
        <span key={model}>
          {i > 0 && ", "}
          <button
            type="button"
            aria-label={t`Use ${model}`}
            onClick={() => onChoose(model)}
            className="font-mono break-all text-ink underline underline-offset-2"
          >
            {model}
          </button>
        </span>
      ))}
      {others > 0 && t` and ${others} more`}.
    </>
  );
}
