import { plural } from "@lingui/core/macro";
import { useState } from "react";
import type { Replay } from "@/client/contract";
import { ReplayCases } from "@/components/replay-cases";
import { useTenant } from "@/lib/tenant";
import { useReplay } from "../api/replays";

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
      {detail.data && <ReplayCases cases={detail.data.cases} />}
    </details>
  );
}
