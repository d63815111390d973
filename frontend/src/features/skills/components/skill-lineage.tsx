import { plural, t } from "@lingui/core/macro";
import { Link } from "@tanstack/react-router";
import type { SkillDetail } from "@/client/contract";
import { chipClass, Lineage, Rest } from "@/components/lineage";
import { shortId } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { useProposalBehind } from "../api/proposals";

const MOST_TURNS = 3;

/** From the turns that failed to the version that is live, where it was learned from any. */
export function SkillLineage({ skill }: { skill: SkillDetail }) {
  const tenant = useTenant().slug;
  const live = skill.versions.find(({ is_live }) => is_live);
  const proposal = useProposalBehind(tenant, live?.note ?? "").data;
  if (!live || !proposal) return null;
  const { evidence } = proposal;
  return (
    <Lineage
      label={t`Where the live version comes from`}
      steps={[
        {
          name: plural(evidence.length, { one: "turn", other: "turns" }),
          chips: [
            ...evidence.slice(0, MOST_TURNS).map(({ turn_id }) => (
              <Link
                key={turn_id}
                to="/t/$tenant/turns/$turnId"
                params={{ tenant, turnId: turn_id }}
                className={`${chipClass} font-mono`}
              >
                {shortId(turn_id)}
              </Link>
            )),
            ...(evidence.length > MOST_TURNS
              ? [<Rest key="rest" count={evidence.length - MOST_TURNS} />]
              : []),
          ],
        },
        {
          name: t`read by`,
          chips: [
            <Link
              key="run"
              to="/t/$tenant/learning"
              params={{ tenant }}
              search={proposal.run ? { run: proposal.run } : {}}
              className={chipClass}
              title={t`The run of the evolver that wrote the text`}
            >
              {proposal.author_model}
            </Link>,
          ],
        },
        {
          name: t`proposed as`,
          chips: [
            <Link
              key="proposal"
              to="/t/$tenant/review/$proposalId"
              params={{ tenant, proposalId: proposal.id }}
              className={chipClass}
            >
              {t`proposal ${shortId(proposal.id)}`}
            </Link>,
          ],
        },
        {
          name: t`live as`,
          chips: [
            <span key="version" className={chipClass}>
              {skill.slug}@{live.version}
            </span>,
          ],
        },
      ]}
    />
  );
}
