import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { ArrowUp, Plus, Trash2 } from "lucide-react";
import type { RouteTargetInput } from "@/client/contract";
import { Button } from "@/components/button";
import { Input, Select } from "@/components/field";
import { useTenant } from "@/lib/tenant";
import { useUpstreams } from "../api/upstreams";

const MOST = 10;

type Props = {
  targets: RouteTargetInput[];
  onChange: (targets: RouteTargetInput[]) => void;
  errors: string[];
};

/** The upstreams of a route, in the order in which they are asked. */
export function RouteTargets({ targets, onChange, errors }: Props) {
  const add = () => onChange([...targets, { upstream: "", model: "", weight: 0 }]);
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">
        <Trans>Goes to</Trans>
      </legend>
      {targets.map((target, place) => (
        <Target
          // Targets have no names of their own; their place is what they are.
          key={place}
          place={place}
          target={target}
          onChange={(change) => onChange(targets.with(place, { ...target, ...change }))}
          onUp={() => onChange(movedUp(targets, place))}
          onRemove={
            targets.length > 1 ? () => onChange(targets.filter((_, at) => at !== place)) : null
          }
        />
      ))}
      <Button className="self-start" disabled={targets.length >= MOST} onClick={add}>
        <Plus aria-hidden />
        <Trans>Add target</Trans>
      </Button>
      <p className={errors.length > 0 ? "text-xs text-bad" : "text-xs text-mute"}>
        {errors.length > 0
          ? errors.join(" ")
          : t`Weights spread sessions over targets. Those without one stand in, in this order.`}
      </p>
    </fieldset>
  );
}

type TargetProps = {
  place: number;
  target: RouteTargetInput;
  onChange: (change: Partial<RouteTargetInput>) => void;
  onUp: () => void;
  onRemove: (() => void) | null;
};

function Target({ place, target, onChange, onUp, onRemove }: TargetProps) {
  const { slug } = useTenant();
  const upstreams = useUpstreams(slug).data ?? [];
  const name = t`Target ${place + 1}`;
  return (
    <div className="flex flex-wrap items-center gap-1.5 sm:flex-nowrap">
      <Select
        required
        aria-label={t`${name}: upstream`}
        value={target.upstream}
        onChange={(event) => onChange({ upstream: event.target.value })}
      >
        <option value="" disabled>
          <Trans>Upstream…</Trans>
        </option>
        {upstreams
          .filter((upstream) => !upstream.is_simulated)
          .map((upstream) => (
            <option key={upstream.id} value={upstream.id}>
              {upstream.name}
            </option>
          ))}
      </Select>
      <Input
        aria-label={t`${name}: model`}
        placeholder={t`the name asked for`}
        maxLength={200}
        className="font-mono text-xs"
        value={target.model}
        onChange={(event) => onChange({ model: event.target.value })}
      />
      <Input
        aria-label={t`${name}: weight`}
        type="number"
        min={0}
        max={1000}
        className="max-w-20 text-right"
        value={target.weight}
        onChange={(event) => onChange({ weight: event.target.valueAsNumber || 0 })}
      />
      <Button isIcon disabled={place === 0} aria-label={t`Move ${name} up`} onClick={onUp}>
        <ArrowUp aria-hidden />
      </Button>
      <Button
        isIcon
        disabled={onRemove === null}
        aria-label={t`Remove ${name}`}
        onClick={onRemove ?? undefined}
      >
        <Trash2 aria-hidden />
      </Button>
    </div>
  );
}

function movedUp(targets: RouteTargetInput[], place: number): RouteTargetInput[] {
  const moved = targets[place];
  if (!moved || place === 0) return targets;
  return targets.toSpliced(place, 1).toSpliced(place - 1, 0, moved);
}
