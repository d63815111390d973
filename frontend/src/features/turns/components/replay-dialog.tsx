import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { toast } from "sonner";
import type { TurnDetail } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Dialog, DialogFooter } from "@/components/dialog";
import { Field, Input, Select } from "@/components/field";
import { ApiError, errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useReplayTurn, useSkillNames, useVersionsOf } from "../api/replays";

const SAMPLES_MAX = 8;

type Props = { turn: TurnDetail; onClose: () => void };

/** Which skill, which version of it, and how many answers. */
export function ReplayDialog({ turn, onClose }: Props) {
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t`Ask this turn again`}
      note={t`As it was asked, with a skill in its prompt and without it; a judge votes on each answer and is not told which is which. The turn, its scores and the ledger stay as they are.`}
    >
      <ReplayForm turn={turn} onClose={onClose} />
    </Dialog>
  );
}

function ReplayForm({ turn, onClose }: Props) {
  const { slug: tenant } = useTenant();
  const [skill, setSkill] = useState("");
  const [version, setVersion] = useState("");
  const [samples, setSamples] = useState("2");
  const start = useReplayTurn(tenant, turn.id);
  const fields = start.error instanceof ApiError ? start.error.fields : {};
  const carriesSome = turn.skills.length > 0;
  const isReady = carriesSome || skill !== "";

  return (
    <form
      className="flex flex-col gap-3.5"
      onSubmit={(event) => {
        event.preventDefault();
        start.mutate(
          {
            ...(skill && { skill }),
            ...(skill && version && { version: Number(version) }),
            samples: Number(samples),
          },
          {
            onSuccess: () => {
              toast.success(t`The turn is asked again; the answers appear below it.`);
              onClose();
            },
          },
        );
      }}
    >
      {start.error && <Banner tone="bad" title={errorText(start.error)} />}
      <SkillField
        turn={turn}
        value={skill}
        errors={fields.skill}
        onChange={(next) => {
          setSkill(next);
          const had = turn.skills.find(({ slug }) => slug === next);
          setVersion(had ? String(had.version) : "");
        }}
      />
      {skill && (
        <VersionField
          turn={turn}
          skill={skill}
          value={version}
          errors={fields.version}
          onChange={setVersion}
        />
      )}
      <Field
        label={t`Answers of each kind`}
        hint={t`One answer may be luck; each costs a request to the provider, and a vote.`}
        errors={fields.samples}
        isBeside
      >
        {(control) => (
          <Input
            {...control}
            required
            type="number"
            min={1}
            max={SAMPLES_MAX}
            className="text-right"
            value={samples}
            onChange={({ target }) => setSamples(target.value)}
          />
        )}
      </Field>
      <DialogFooter>
        <Button onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        <Button
          type="submit"
          variant="primary"
          isBusy={start.isPending}
          disabled={!isReady}
          title={isReady ? undefined : t`Choose a skill first.`}
        >
          <Trans>Ask again</Trans>
        </Button>
      </DialogFooter>
    </form>
  );
}

type FieldProps = {
  turn: TurnDetail;
  value: string;
  errors: string[] | undefined;
  onChange: (value: string) => void;
};

function SkillField({ turn, value, errors, onChange }: FieldProps) {
  const { slug: tenant } = useTenant();
  const names = useSkillNames(tenant);
  const carried = turn.skills.map(({ slug }) => slug);
  const others = names.data?.filter((name) => !carried.includes(name)) ?? [];
  return (
    <Field
      label={t`Skill`}
      errors={names.isError ? [errorText(names.error)] : errors}
      hint={
        carried.length === 0 ? t`No skill was in its prompt: choose one to try on it.` : undefined
      }
    >
      {(control) => (
        <Select {...control} value={value} onChange={({ target }) => onChange(target.value)}>
          <option value="">
            {carried.length > 0
              ? plural(carried.length, {
                  one: "the one it had",
                  other: "each of the # it had, one after the other",
                })
              : t`choose…`}
          </option>
          {carried.length > 0 && (
            <optgroup label={t`In its prompt`}>
              {carried.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </optgroup>
          )}
          <optgroup label={t`Others`}>
            {others.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </optgroup>
        </Select>
      )}
    </Field>
  );
}

function VersionField({ turn, skill, value, errors, onChange }: FieldProps & { skill: string }) {
  const { slug: tenant } = useTenant();
  const versions = useVersionsOf(tenant, skill);
  const had = turn.skills.find(({ slug }) => slug === skill)?.version;
  const hint =
    had === undefined
      ? undefined
      : String(had) === value
        ? t`The other answers do without it.`
        : t`The other answers have v${had}, as the turn had.`;
  return (
    <Field
      label={t`Version`}
      errors={versions.isError ? [errorText(versions.error)] : errors}
      hint={hint}
    >
      {(control) => (
        <Select {...control} value={value} onChange={({ target }) => onChange(target.value)}>
          <option value="">
            <Trans>the live one</Trans>
          </option>
          {versions.data?.map(({ version, is_live }) => (
            <option key={version} value={version}>
              v{version}
              {is_live && t`, live`}
              {version === had && t`, in its prompt`}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
