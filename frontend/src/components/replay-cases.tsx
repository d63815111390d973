import { t } from "@lingui/core/macro";
import { Link } from "@tanstack/react-router";
import type { ReplayDetail } from "@/client/contract";
import { formatScore, shortId } from "@/lib/format";
import { saidText } from "@/lib/said";
import { useTenant } from "@/lib/tenant";

type Tried = ReplayDetail["cases"][number];

/** Which turns a replay asked again. */
const GROUP_NAMES: Record<Tried["group"], string> = {
  evidence: t`behind it`,
  held_out: t`held out`,
  control: t`went well`,
  chosen: t`chosen`,
};

const CASE_STATUS: Record<Tried["status"], string> = {
  waiting: t`waiting`,
  done: t`done`,
  skipped: t`skipped`,
};

/** The turns of a replay, and what both arms answered. */
export function ReplayCases({ cases }: { cases: readonly Tried[] }) {
  const { slug } = useTenant();
  return (
    <ul className="mt-1 flex flex-col gap-2 text-xs">
      {cases.map((tried) => (
        <Case key={tried.turn_id} item={tried} tenant={slug} />
      ))}
    </ul>
  );
}

function Case({ item, tenant }: { item: Tried; tenant: string }) {
  return (
    <li className="border-t border-line pt-1">
      <p className="flex gap-2">
        <Link
          to="/t/$tenant/turns/$turnId"
          params={{ tenant, turnId: item.turn_id }}
          className="font-mono underline decoration-line2 underline-offset-2 hover:decoration-ink"
        >
          {shortId(item.turn_id)}
        </Link>
        <span className="text-mute">{GROUP_NAMES[item.group]}</span>
        {item.status !== "done" && (
          <span className="ml-auto text-mute">{CASE_STATUS[item.status]}</span>
        )}
      </p>
      {item.reason && <p className="text-mute">{saidText(item.reason, item.reason_said)}</p>}
      <Arm name={t`Without`} samples={item.without} />
      <Arm name={t`With`} samples={item.with_skill} />
    </li>
  );
}

function Arm(props: { name: string; samples: Tried["without"] }) {
  const first = props.samples[0];
  if (!first) return null;
  return (
    <details>
      <summary className="cursor-pointer">
        {props.name}: {props.samples.map((one) => formatScore(one.vote)).join(" ")}
        <span className="text-mute"> {first.rationale}</span>
      </summary>
      <p className="max-h-40 overflow-y-auto break-words whitespace-pre-wrap text-mute">
        {first.text}
      </p>
    </details>
  );
}
