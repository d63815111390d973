import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useMemo } from "react";
import { toast } from "sonner";
import type { ReviewPolicy } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Checkbox, Field, Input, Select } from "@/components/field";
import { NumberOrNothing } from "@/components/number-or-nothing";
import { ApiError, errorText } from "@/lib/api";
import { useDraft } from "@/lib/draft";
import { useTenant } from "@/lib/tenant";
import { useSaveReviewPolicy } from "../api/review-policy";
import { ClashBanner } from "./clash-banner";

const NAMES: Record<keyof ReviewPolicy, string> = {
  approve_role: t`Who may approve`,
  quorum: t`Approvals it takes`,
  self_approval: t`May whoever edited a text approve it`,
  reauth_minutes: t`Proof of who approves within, in minutes`,
  auto_approval: t`Approve without a person`,
  trusted_tools: t`Trusted tools`,
  asks_model: t`Ask the judge for conflicts`,
};

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
  const saved = useMemo(() => asTyped(policy), [policy]);
  const { draft, set, undo, isSame, clashes } = useDraft(saved);
  const save = useSaveReviewPolicy(slug);
  const fields = save.error instanceof ApiError ? save.error.fields : {};

  function submit(event: FormEvent) {
    event.preventDefault();
    const wanted = { ...draft, trusted_tools: namesIn(draft.trusted_tools) };
    save.mutate(wanted, {
      onSuccess: () => {
        undo();
        toast.success(t`Review policy saved.`);
      },
    });
  }

  return (
    <form onSubmit={submit}>
      <fieldset disabled={isDisabled} className="flex flex-col gap-5 p-4">
        {save.isError && Object.keys(fields).length === 0 && (
          <Banner tone="bad" title={errorText(save.error)} />
        )}
        <ClashBanner names={clashes.map((name) => NAMES[name])} />
        <Choice
          label={NAMES.approve_role}
          choices={ROLES}
          value={draft.approve_role}
          onChange={(approve_role) => set({ approve_role })}
        />
        <Field
          label={NAMES.quorum}
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
          label={NAMES.self_approval}
          choices={SELF}
          value={draft.self_approval}
          onChange={(self_approval) => set({ self_approval })}
        />
        <Field
          label={NAMES.reauth_minutes}
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
          label={NAMES.auto_approval}
          hint={t`In the audit log as a review by “policy”, with the numbers.`}
          choices={AUTO}
          value={draft.auto_approval}
          onChange={(auto_approval) => set({ auto_approval })}
        />
        <Field
          label={NAMES.trusted_tools}
          hint={t`Names, separated by commas. What other tools brought into the evidence is a warning.`}
          errors={fields.trusted_tools}
        >
          {(control) => (
            <Input
              {...control}
              value={draft.trusted_tools}
              onChange={(event) => set({ trusted_tools: event.target.value })}
            />
          )}
        </Field>
        <Checkbox
          label={NAMES.asks_model}
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
        <Button disabled={isSame} onClick={undo}>
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

/** With the names of the tools as one text, as somebody types them. */
const asTyped = (policy: ReviewPolicy) => ({
  ...policy,
  trusted_tools: policy.trusted_tools.join(", "),
});

function namesIn(text: string): string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
}
