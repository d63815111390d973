import { t } from "@lingui/core/macro";
import { SimulatedTag } from "@/components/simulated-tag";

const DEMO_MODEL = "local/demo-1";

/** A base model; the one that knows nothing says so. */
export function ModelName({ name }: { name: string }) {
  return (
    <span className="inline-flex min-w-0 flex-wrap items-center gap-1.5">
      <span className="font-mono text-xs break-all">{name}</span>
      {name === DEMO_MODEL && (
        <SimulatedTag
          what={t`local demo model`}
          title={t`Simulated: a tiny model of random numbers that learns in seconds. What it says means nothing.`}
        />
      )}
    </span>
  );
}
