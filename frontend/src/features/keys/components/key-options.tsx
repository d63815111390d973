import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { NewApiKey } from "@/client/contract";
import { Checkbox, Field, Input } from "@/components/field";

export type Options = Pick<NewApiKey, "agent" | "passes_credentials" | "path_allowed">;

export const NO_OPTIONS: Options = { agent: "", passes_credentials: false, path_allowed: false };

type Props = {
  options: Options;
  onChange: (options: Options) => void;
  mayBeInPath: boolean;
  errors: Record<string, string[]>;
};

/** What is special about a key that sends requests. */
export function KeyOptions({ options, onChange, mayBeInPath, errors }: Props) {
  const refusals = [...(errors.passes_credentials ?? []), ...(errors.path_allowed ?? [])];
  return (
    <>
      <Field
        label={t`Agent`}
        hint={t`Optional. Requests with this key belong to this agent, whatever they say.`}
        errors={errors.agent}
      >
        {(control) => (
          <Input
            {...control}
            maxLength={120}
            autoComplete="off"
            value={options.agent}
            onChange={(event) => onChange({ ...options, agent: event.target.value })}
          />
        )}
      </Field>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1 text-sm font-medium">
          <Trans>Special cases</Trans>
        </legend>
        <Checkbox
          label={t`pass-through`}
          hint={t`The caller's own provider key is forwarded; this one comes as X-MetaClaw-Key.`}
          checked={options.passes_credentials}
          onChange={(event) => onChange({ ...options, passes_credentials: event.target.checked })}
        />
        <Checkbox
          label={t`in the address`}
          hint={
            mayBeInPath
              ? t`For clients that cannot set a header: /k/<key>/v1/… Addresses end up in logs.`
              : t`Only for a key whose one scope is gateway, because addresses end up in logs.`
          }
          disabled={!mayBeInPath}
          checked={mayBeInPath && options.path_allowed}
          onChange={(event) => onChange({ ...options, path_allowed: event.target.checked })}
        />
        {refusals.map((text) => (
          <p key={text} className="text-xs text-bad">
            {text}
          </p>
        ))}
      </fieldset>
    </>
  );
}
