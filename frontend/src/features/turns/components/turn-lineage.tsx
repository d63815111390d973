import { t } from "@lingui/core/macro";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { TurnDetail } from "@/client/contract";
import { chipClass, Lineage } from "@/components/lineage";
import { shortId } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { useCheckpointsOfTurn } from "../api/checkpoints";
import { useProposalsOfTurn } from "../api/proposals";

/** Where a turn comes from, what was in its prompt, and what was made of it. */
export function TurnLineage({ turn }: { turn: TurnDetail }) {
  const tenant = useTenant().slug;
  const proposals = useProposalsOfTurn(tenant, turn.id).data ?? [];
  const checkpoints = useCheckpointsOfTurn(tenant, turn.id).data ?? [];
  const turnsWith = (search: Record<string, string>, text: ReactNode) => (
    <Link
      key={JSON.stringify(search)}
      to="/t/$tenant/turns"
      params={{ tenant }}
      search={search}
      className={chipClass}
    >
      {text}
    </Link>
  );
  const served = [turn.upstream, turn.served_model || turn.model].filter(Boolean).join(" · ");
  return (
    <Lineage
      label={t`Where this turn comes from, and what came of it`}
      steps={[
        {
          name: t`Session`,
          chips: [
            <Link
              key={turn.session_id}
              to="/t/$tenant/sessions/$sessionId"
              params={{ tenant, sessionId: turn.session_id }}
              className={`${chipClass} font-mono`}
            >
              {shortId(turn.session_id)}
            </Link>,
          ],
        },
        {
          name: t`asked by`,
          chips: [
            ...(turn.agent ? [turnsWith({ agent: turn.agent }, turn.agent)] : []),
            ...(turn.key_name
              ? [
                  <Link
                    key="key"
                    to="/t/$tenant/keys"
                    params={{ tenant }}
                    className={chipClass}
                    title={t`The key that it came with`}
                  >
                    {turn.key_name}
                  </Link>,
                ]
              : []),
          ],
        },
        {
          name: t`served by`,
          chips: served
            ? [
                turnsWith(
                  turn.upstream ? { upstream: turn.upstream } : { model: turn.model },
                  served,
                ),
              ]
            : [],
        },
        {
          name: t`with`,
          chips: turn.skills.map(({ slug, version }) => (
            <Link
              key={slug}
              to="/t/$tenant/skills/$skillSlug"
              params={{ tenant, skillSlug: slug }}
              className={chipClass}
            >
              {slug}@{version}
            </Link>
          )),
        },
        {
          name: t`taught`,
          chips: proposals.map(({ id, slug }) => (
            <Link
              key={id}
              to="/t/$tenant/review/$proposalId"
              params={{ tenant, proposalId: id }}
              className={chipClass}
            >
              {slug}
            </Link>
          )),
        },
        {
          name: t`trained`,
          chips: checkpoints.map(({ id, policy, policy_name, step, job }) => (
            <Link
              key={id}
              to="/t/$tenant/training/$policyId"
              params={{ tenant, policyId: policy }}
              search={{ checkpoint: id, ...(job && { job }) }}
              className={chipClass}
            >
              {policy_name}@{step}
            </Link>
          )),
        },
      ]}
    />
  );
}
