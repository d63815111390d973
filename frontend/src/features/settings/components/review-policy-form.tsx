import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import type { ReviewPolicy } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Checkbox, Field, Input, Select } from "@/components/field";
import { NumberOrNothing } from "@/components/number-or-nothing";
import { ApiError, errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useSaveReviewPolicy } from "../api/review-policy";

type Choices<Name extends keyof ReviewPolicy> = Record<ReviewPolicy[Name] & string, string>;

const ROLES: Choices<"approve_role"> = {
  reviewer: t`Reviewers, admins and owners`,
  admin: t`Admins and owners`,
  owner: t`Owners`,
};
const SELF: Choices<"self_approval"> = {
  auto: t`No, once somebody else may approve`,
  refused: t`No`,
  allowed: t`Yes`,
};
const AUTO: Choices<"auto_approval"> = {
  off: t`Never: people approve`,
  clean_checks: t`When no check finds anything`,
  clean_and_lift: t`When, besides, a replay shows that it helps`,
};

type Props = { policy: ReviewPolicy; isDisabled: boolean };

/** What it takes until a proposal goes live. */
export function ReviewPolicyForm({ policy, isDisabled }: Props) {
  const { slug } = useTenant();
  const [draft, setDraft] = useState(policy);
  const [tools, setTools] = useState(policy.trusted_tools.join(", "));
  const save = useSaveReviewPolicy(slug);
  const fields = save.error instanceof ApiError ? save.error.fields : {};
  const wanted = { ...draft, trusted_tools: namesIn(tools) };
  const isSame = JSON.stringify(wanted) === JSON.stringify(policy);

  function set(change: Partial<ReviewPolicy>) {
    setDraft({ ...draft, ...change });
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate(wanted, { onSuccess: () => toast.success(t`Review policy saved.`) });
  }

  return (
    <form onSubmit={submit}>
      <fieldset disabled={isDisabled} className="flex flex-col gap-5 p-4">
        {save.isError && Object.keys(fields).length === 0 && (
          <Banner tone="bad" title={errorText(save.error)} />
        )}
        <Choice
          label={t`Who may approve`}
          choices={ROLES}
          value={draft.approve_role}
          onChange={(approve_role) => set({ approve_role })}
        />
        <Field
          label={t`Approvals it takes`}
          hint={t`By different members, for exactly the same text. An edit begins anew.`}
          errors={fields.quorum}
        >
          {(control) => (
            <Input
              {...control}
              type="number"
              required
              min={1}
              max={9}
              className="max-w-32 text-right"
              value={Number.isNaN(draft.quorum) ? "" : draft.quorum}
              onChange={(event) => set({ quorum: event.target.valueAsNumber })}
            />
          )}
        </Field>
        <Choice
          label={t`May whoever edited a text approve it`}
          choices={SELF}
          value={draft.self_approval}
          onChange={(self_approval) => set({ self_approval })}
        />
        <Field
          label={t`Proof of who approves within, in minutes`}
          hint={t`A password, code or passkey, or a sign-in. Empty: none is asked for. Where one is, API keys cannot approve.`}
          errors={fields.reauth_minutes}
        >
          {(control) => (
            <NumberOrNothing
              {...control}
              min={1}
              max={1440}
              className="max-w-32 text-right"
              value={draft.reauth_minutes}
              onChange={(reauth_minutes) => set({ reauth_minutes })}
            />
          )}
        </Field>
        <Choice
          label={t`Approve without a person`}
          hint={t`In the audit log as a review by “policy”, with the numbers.`}
          choices={AUTO}
          value={draft.auto_approval}
          onChange={(auto_approval) => set({ auto_approval })}
        />
        <Field
          label={t`Trusted tools`}
          hint={t`Names, separated by commas. What other tools brought into the evidence is a warning.`}
          errors={fields.trusted_tools}
        >
          {(control) => (
            <Input {...control} value={tools} onChange={(event) => setTools(event.target.value)} />
          )}
        </Field>
        <Checkbox
          label={t`Ask the judge for conflicts`}
          hint={t`Its word is a warning beside the other checks and never blocks.`}
          checked={draft.asks_model}
          onChange={(event) => set({ asks_model: event.target.checked })}
        />
      </fieldset>
      <footer className="flex gap-2 border-t border-line px-4 py-3">
        <Button
          type="submit"
          variant="primary"
          isBusy={save.isPending}
          disabled={isDisabled || isSame}
        >
          <Trans>Save the policy</Trans>
        </Button>
        <Button
          disabled={isSame}
          onClick={() => {
            setDraft(policy);
            setTools(policy.trusted_tools.join(", "));
          }}
        >
          <Trans>Undo changes</Trans>
        </Button>
      </footer>
    </form>
  );
}

type ChoiceProps<Value extends string> = {
  label: string;
  hint?: string;
  choices: Record<Value, string>;
  value: Value;
  onChange: (value: Value) => void;
};

function Choice<Value extends string>({ label, hint, ...choice }: ChoiceProps<Value>) {
  return (
    <Field label={label} {...(hint && { hint })}>
      {(control) => (
        <Select
          {...control}
          className="max-w-sm"
          value={choice.value}
          onChange={(event) => choice.onChange(event.target.value as Value)}
        >
          {(Object.entries(choice.choices) as [Value, string][]).map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

function namesIn(text: string): string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
}
