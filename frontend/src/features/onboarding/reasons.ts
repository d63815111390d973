/** Why a request failed and what helps, by what the gateway calls it. */
import { t } from "@lingui/core/macro";

/** Where it is put right. */
export type Page = "/t/$tenant/keys" | "/t/$tenant/upstreams" | "/t/$tenant/budgets";

export type Reason = { reason: string; fix: string; page?: Page };

const OTHER_KEY = t`Copy the whole key again, or make another under Keys: a key is shown only once.`;
const NEW_KEY = t`Make a new key under Keys and give it to the agent.`;
const PROVIDER_AWAY = t`Look at the provider under Upstreams and test it there; then send the request again.`;

const REASONS: Record<string, Reason> = {
  wrong_secret: {
    reason: t`The key is not right`,
    fix: t`It begins like this key and its secret is another. ${OTHER_KEY}`,
    page: "/t/$tenant/keys",
  },
  key_revoked: { reason: t`The key was revoked`, fix: NEW_KEY, page: "/t/$tenant/keys" },
  key_expired: { reason: t`The key has expired`, fix: NEW_KEY, page: "/t/$tenant/keys" },
  secret_replaced: {
    reason: t`The key was rotated`,
    fix: t`The agent still sends the secret from before. Give it the new one, or rotate the key once more.`,
    page: "/t/$tenant/keys",
  },
  key_scope: {
    reason: t`The key may not send requests`,
    fix: t`It lacks the scope “gateway”, and scopes never change. Make a key that has it.`,
    page: "/t/$tenant/keys",
  },
  key_in_path: {
    reason: t`The key stands in the address`,
    fix: t`Send it as a header, or allow it in the address for this key under Keys.`,
    page: "/t/$tenant/keys",
  },
  no_upstream: {
    reason: t`No provider answers in this workspace`,
    fix: t`Add one under Upstreams and make it the one that serves.`,
    page: "/t/$tenant/upstreams",
  },
  insufficient_quota: {
    reason: t`The budget is used up`,
    fix: t`Raise it under Budgets, or wait until it is renewed.`,
    page: "/t/$tenant/budgets",
  },
  rate_limit_exceeded: {
    reason: t`Too many requests at once`,
    fix: t`Wait a moment, or raise the limit under Budgets.`,
    page: "/t/$tenant/budgets",
  },
  price_unknown: {
    reason: t`Nobody knows what this model costs`,
    fix: t`It falls under a budget. Enter its price under Budgets: 0 for a model of your own.`,
    page: "/t/$tenant/budgets",
  },
  budget_unknown: {
    reason: t`What was spent cannot be found out right now`,
    fix: t`Nothing is spent until it can. Try again in a moment.`,
  },
  unknown_url: {
    reason: t`The address is not one of the gateway's`,
    fix: t`OpenAI clients want the base address with /v1 at its end, Anthropic clients without.`,
  },
  method_not_allowed: {
    reason: t`The address is not one of the gateway's`,
    fix: t`Model requests are sent with POST.`,
  },
  model_unknown: {
    reason: t`The provider does not know this model`,
    fix: t`Ask for a model that it has, or give the name a route under Upstreams.`,
    page: "/t/$tenant/upstreams",
  },
  upstream_auth_failed: {
    reason: t`The provider refused the key it is called with`,
    fix: t`The agent's key is fine. Enter a valid key of the provider under Upstreams.`,
    page: "/t/$tenant/upstreams",
  },
  upstream_unreachable: {
    reason: t`The provider cannot be reached`,
    fix: PROVIDER_AWAY,
    page: "/t/$tenant/upstreams",
  },
  upstream_timeout: {
    reason: t`The provider did not answer in time`,
    fix: PROVIDER_AWAY,
    page: "/t/$tenant/upstreams",
  },
  upstream_refused: {
    reason: t`The provider's address may not be called from here`,
    fix: t`Enter another address under Upstreams.`,
    page: "/t/$tenant/upstreams",
  },
  dialect_mismatch: {
    reason: t`The provider has no such API`,
    fix: t`Ask another model for this, or add a provider that can do it under Upstreams.`,
    page: "/t/$tenant/upstreams",
  },
  cannot_be_carried: {
    reason: t`Part of the request means nothing to this provider`,
    fix: t`Leave that part out, or route the model to a provider that speaks the agent's own API.`,
    page: "/t/$tenant/upstreams",
  },
  gateway_unavailable: {
    reason: t`The gateway could not check the key`,
    fix: t`Try again in a moment.`,
  },
};

/** Of a request that never became a turn. */
export function refusalReason(code: string): Reason {
  return (
    REASONS[code] ?? {
      reason: t`The gateway could not read the request`,
      fix: t`Compare it with the example for your client.`,
    }
  );
}

/** Of a turn that failed: by what the gateway says, else by what its provider answered. */
export function failureReason(type: string | undefined, status: number): Reason {
  const known = type === undefined ? undefined : REASONS[type];
  if (known) return known;
  if (status === 404) return REASONS.model_unknown as Reason;
  if (status === 401 || status === 403) return REASONS.upstream_auth_failed as Reason;
  if (status === 429) {
    return {
      reason: t`The provider has no room for it now`,
      fix: t`Its own limit is reached: wait, or raise it with the provider.`,
    };
  }
  if (status >= 500) {
    return { reason: t`The provider failed`, fix: PROVIDER_AWAY, page: "/t/$tenant/upstreams" };
  }
  return {
    reason: t`The provider did not accept the request`,
    fix: t`Open the turn to see what it answered.`,
  };
}
