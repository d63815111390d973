import { plural, t } from "@lingui/core/macro";
import { Link } from "@tanstack/react-router";
import type { Checkpoint } from "@/client/contract";
import { chipClass, Lineage, Rest } from "@/components/lineage";
import { shortId } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { useTurnsOfCheckpoint } from "../api/checkpoints";

const MOST_TURNS = 3;

/** From the turns that a checkpoint learned from, over the job, to its weights. */
export function CheckpointLineage({ checkpoint }: { checkpoint: Checkpoint }) {
  const tenant = useTenant().slug;
  const turns = useTurnsOfCheckpoint(tenant, checkpoint.id, MOST_TURNS).data ?? [];
  const count = checkpoint.samples;
  return (
    <Lineage
      label={t`Where step ${checkpoint.step} comes from`}
      steps={[
        {
          name: plural(count, { one: "turn", other: "turns" }),
          chips: [
            ...turns.map(({ turn_id }) => (
              <Link
                key={turn_id}
                to="/t/$tenant/turns/$turnId"
                params={{ tenant, turnId: turn_id }}
                className={`${chipClass} font-mono`}
              >
                {shortId(turn_id)}
              </Link>
            )),
            ...(turns.length > 0 && count > turns.length
              ? [<Rest key="rest" count={count - turns.length} />]
              : []),
          ],
        },
        {
          name: t`in`,
          chips: checkpoint.job
            ? [
                <Link
                  key="job"
                  to="/t/$tenant/training/$policyId"
                  params={{ tenant, policyId: checkpoint.policy }}
                  search={{ job: checkpoint.job }}
                  className={chipClass}
                >
                  {t`job ${shortId(checkpoint.job)}`}
                </Link>,
              ]
            : [],
        },
        {
          name: t`became`,
          chips: [
            <Link
              key="step"
              to="/t/$tenant/training/$policyId"
              params={{ tenant, policyId: checkpoint.policy }}
              search={{ checkpoint: checkpoint.id }}
              className={chipClass}
            >
              {checkpoint.policy_name}@{checkpoint.step}
            </Link>,
          ],
        },
      ]}
    />
  );
}
