import { plural, t } from "@lingui/core/macro";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Replay, ReplayDetail } from "@/client/contract";
import { formatScore, shortId } from "@/lib/format";
import { saidText } from "@/lib/said";
import { useTenant } from "@/lib/tenant";
import { useReplay } from "../api/replays";
import { CASE_STATUS, GROUP_NAMES } from "../review-words";

/** The turns of a replay and what both arms answered; fetched when it is opened. */
export function ProofCases({ replay }: { replay: Replay }) {
  const { slug } = useTenant();
  const [isOpen, setOpen] = useState(false);
  const detail = useReplay(slug, replay.id, isOpen);
  return (
    <details className="text-xs" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="w-fit cursor-pointer text-mute hover:text-ink">
        {plural(replay.case_count, { one: "# turn", other: "# turns" })}
      </summary>
      {detail.isError && <p role="alert">{detail.error.message}</p>}
      <ul className="mt-1 flex flex-col gap-2">
        {detail.data?.cases.map((item) => (
          <Case key={item.turn_id} item={item} tenant={slug} />
        ))}
      </ul>
    </details>
  );
}

function Case({ item, tenant }: { item: ReplayDetail["cases"][number]; tenant: string }) {
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

function Arm(props: { name: string; samples: ReplayDetail["cases"][number]["without"] }) {
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
