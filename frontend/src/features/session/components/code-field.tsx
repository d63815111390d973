import { t } from "@lingui/core/macro";
import { Field, Input } from "@/components/field";
import { ApiError, errorText } from "@/lib/api";

type Props = {
  code: string;
  onChange: (code: string) => void;
  isRecovery: boolean;
  error: unknown;
};

/** One field for all digits: it takes pasted ones, and what the phone offers to fill in. */
export function CodeField({ code, onChange, isRecovery, error }: Props) {
  return (
    <Field
      label={isRecovery ? t`Recovery code` : t`Code`}
      hint={
        isRecovery
          ? t`Eight digits, from the list you kept. Each works once.`
          : t`Six digits, from your authenticator app.`
      }
      errors={problemsOf(error, isRecovery)}
    >
      {(control) => (
        <Input
          {...control}
          key={isRecovery ? "recovery" : "app"}
          name="code"
          inputMode="numeric"
          autoComplete={isRecovery ? "off" : "one-time-code"}
          spellCheck={false}
          required
          // What is asked for now.
          autoFocus
          value={code}
          onChange={(event) => onChange(event.target.value)}
          className="font-mono tracking-[0.12em]"
        />
      )}
    </Field>
  );
}

function problemsOf(error: unknown, isRecovery: boolean): string[] {
  if (!error) return [];
  if (!(error instanceof ApiError)) return [errorText(error)];
  if (error.code === "incorrect_code") {
    return isRecovery
      ? [t`This is none of your codes, or it was used before.`]
      : [t`This code is not right. Each works once and for 30 seconds: take the one shown now.`];
  }
  if (error.status === 429 || error.code === "too_many_login_attempts") {
    return [t`Too many tries. Wait five minutes, then try again.`];
  }
  return [error.detail];
}
