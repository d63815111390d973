import { t } from "@lingui/core/macro";
import { roleName } from "./said-names";
import type { Say } from "./said-values";

/** Addresses, people, keys, providers, limits, exports. */
export const WORKSPACE_WORDS: Record<string, Say> = {
  not_found: () => t`Not found.`,
  address_nowhere: ({ address }) => t`${address} is not an address that may be called.`,
  address_private: ({ address }) =>
    t`${address} is a private address. An operator can allow these with METACLAW_ALLOW_PRIVATE_UPSTREAMS=1.`,
  url_blanks: () => t`A URL has no blanks, control characters or backslashes.`,
  url_start: () => t`A URL starts with https:// (or http://) and names a host.`,
  url_key: () => t`Put the key into the key field, not into the URL.`,
  url_not_https: () => t`Only https:// URLs are allowed here.`,
  host_neither: ({ host }) => t`${host} is neither a host name nor a plain address.`,
  url_broken: ({ why }) => t`This is not a URL: ${why}.`,
  host_name: ({ host }) => t`${host} is not a host name.`,
  fields_unfit: () => t`Some fields are not valid.`,
  filters_name_taken: ({ name }) => t`You keep other filters as ${name} already.`,
  filters_too_many: ({ count }) => t`You keep ${count} filters: delete some first.`,
  filters_shape: () => t`Names and values, at least one of them.`,
  filters_value: ({ name }) => t`${name}: a short text or a number.`,
  filters_of_people: () => t`Filters are kept by people, not by keys.`,
  database_away: () => t`The database is away. Try again in a moment.`,
  rating_expected: () =>
    t`Send true or false, -1, 0 or 1, or a rating from 0.0 (worst) to 1.0 (best).`,
  provider_status: ({ status }) => t`The provider answered ${status}.`,
  role_needed: ({ needed, role }) =>
    t`This takes the role ${roleName(needed)}; yours here is ${roleName(role)}.`,
  export_not_ready: () => t`The export is not there to be fetched.`,
  export_elsewhere: () => t`Its file is not on this machine.`,
  parquet_turns: () => t`Parquet is for turns; a whole workspace is exported as lines of JSON.`,
  parquet_missing: () => t`This installation has no Parquet: see docs/mechanisms/exports.md.`,
  export_removed_by: ({ who }) => t`Removed by ${who}.`,
  export_over: () => t`Its time was over.`,
  export_failed: () => t`It could not be written.`,
  workspace_wrong_name: () => t`That is not the name of this workspace.`,
  deletion_at_trainer: ({ count }) => t`${count} checkpoints are still at a trainer.`,
  embeddings_failed: ({ why }) => t`The embeddings endpoint failed: ${why}`,
  embeddings_left_out: () => t`The embeddings endpoint left texts out.`,
  no_model_list: () =>
    t`Something answers here, but not with a list of models: is the base URL complete?`,
  key_refused: () => t`The provider refused the key (401).`,
  key_refused_for_this: () => t`The provider refused the key for this (403).`,
  nothing_here: () =>
    t`Nothing lives at this address (404): is the base URL complete, with /v1 if it has one?`,
  model_unreachable: ({ why }) => t`The model could not be reached: ${why}`,
  model_status: ({ status }) => t`The model’s provider answered ${status}.`,
  model_late: () => t`The model did not answer in time.`,
  model_no_text: () => t`The model answered without any text.`,
  key_characters: () => t`The key has characters that no key has.`,
  job_worker_died: () => t`Its worker died every time.`,
  job_not_dead: () => t`This job has not been given up: it is tried again by itself.`,
  job_waits_already: () => t`The same work waits already, as a newer job.`,
  gateway_away: ({ why }) => t`The gateway does not answer: ${why}`,
  audit_known_end: () => t`A known end has a sequence and a digest.`,
  key_for_gateway: () => t`This key may only send model requests to the gateway.`,
  no_company: () => t`No company sign-in is set up here.`,
  company_away: ({ name }) =>
    t`${name} does not answer as it should. Sign in another way, or try later.`,
  time_zone_unknown: ({ name }) => t`There is no time zone called ${name}.`,
  agent_name: () =>
    t`An agent’s name has letters without accents, digits, signs and single blanks: it is sent as a header.`,
  signed_in_already: () => t`You are signed in already: accept it as who you are.`,
  proof_needed: () => t`Show first that it is you.`,
  workspaces_by_operator: () => t`Workspaces are made by whoever runs this installation.`,
  workspaces_by_owners: () => t`Only people who own a workspace make others here.`,
  workspaces_owned: ({ count }) => t`You own ${count} workspaces. Delete one first.`,
  invitation_unknown: () =>
    t`There is no such invitation. Perhaps the link was cut off on its way.`,
  invitation_for_another: ({ who }) =>
    t`This invitation is for another address than ${who}. Sign out, then open the link again.`,
  invitation_used: () => t`This invitation was used already.`,
  invitation_revoked: () => t`This invitation was taken back. Ask for a new one.`,
  invitation_expired: () => t`This invitation has expired. Ask for a new one.`,
  second_factor_needed: () =>
    t`This workspace asks its members for a second factor. Set one up on your account page: an authenticator app or a passkey.`,
  key_past: () => t`A key cannot expire in the past.`,
  key_credentials: () => t`Only a key that sends model requests can pass credentials on.`,
  key_in_address: () =>
    t`Only a key that can do nothing but send model requests may be in an address.`,
  agent_taken: ({ name }) => t`There is an agent called ${name} already.`,
  deletion_begun: () => t`The workspace is being deleted already.`,
  account_exists: () => t`There is an account for this address already. Sign in to accept.`,
  already_member: ({ who }) => t`${who} is a member already. Change their role in the list.`,
  password_weak: () => t`Choose another password.`,
  invitations_wait: ({ limit }) =>
    t`${limit} invitations wait already. Revoke some that nobody needs.`,
  account_made: () => t`There is an account for this address by now. Sign in.`,
  last_owner: () => t`This is the last owner. Make somebody else an owner first.`,
  key_ended: () => t`This key has ended. Make a new one.`,
  owners_only: ({ role }) =>
    t`Only owners make and unmake owners; your role here is ${roleName(role)}.`,
  second_factor_first: () => t`Set up your own second factor first, on your account page.`,
  workspace_no_owner: () => t`This workspace has no owner.`,
  workspace_taken: ({ slug }) => t`There is a workspace called ${slug} already.`,
  days_wrong: ({ days }) => t`Comes before 'until', by less than ${days} days.`,
  preset_kimi: () => t`Accounts of platform.moonshot.cn: https://api.moonshot.cn/v1.`,
  preset_qwen: () => t`Accounts in China: https://dashscope.aliyuncs.com/compatible-mode/v1.`,
  preset_minimax: () => t`Accounts in China: https://api.minimaxi.com/v1.`,
  preset_azure: () =>
    t`The model’s name is the name of the deployment. An address that ends in /openai/v1 is Azure’s newer API, without deployments in its paths.`,
  preset_bedrock: () =>
    t`The key is a Bedrock API key. The newer endpoint is https://bedrock-mantle.<region>.api.aws/v1.`,
  preset_vllm: () =>
    t`vLLM listens on 8000 unless told otherwise; beside this console give it another.`,
  preset_sglang: () =>
    t`SGLang listens on 30000 unless told otherwise; beside this gateway give it another.`,
  preset_ollama: () => t`Needs no key.`,
  preset_tinker: () => t`The model’s name is the path of a checkpoint.`,
  preset_policy: () =>
    t`For models that learn: every answer is kept with its tokens. The model’s name is a base model or the path of a checkpoint. The local trainer: http://127.0.0.1:30003.`,
  no_upstream: () => t`This workspace has no model provider yet. Add one under Upstreams.`,
  demo_has_no_upstreams: () =>
    t`This is a demo workspace: nobody but the practice model answers in it. Make a workspace of your own for real providers.`,
  url_template: ({ text }) => t`Put your own value in the place of ${text}.`,
  url_ourselves: () => t`This is the address of this installation itself.`,
  practice_wired: () =>
    t`The practice model is wired by the installation. Add another upstream instead.`,
  key_of_old_address: () =>
    t`The stored key belongs to the old address. Enter the key for the new one.`,
  upstream_must_serve: () => t`Requests need a provider: let another one serve instead.`,
  upstream_serves: () => t`This provider serves requests. Let another one serve first.`,
  upstream_has_route: ({ model }) => t`The route for ${model} goes to this provider.`,
  practice_beside_real: () => t`The practice model is not used beside a real provider.`,
  upstream_name_taken: ({ name }) => t`There is an upstream called ${name} already.`,
  route_stars: ({ limit }) => t`A model’s name may hold up to ${limit} single stars.`,
  route_star_of_none: () =>
    t`A star stands for what the route’s own star stood for, and it has none.`,
  upstream_unknown: ({ name }) => t`There is no upstream called ${name}.`,
  practice_in_route: () =>
    t`The practice model serves by itself, and never beside a real provider.`,
  route_twice: ({ name }) => t`The route goes to ${name} with this model already.`,
  route_taken: ({ model }) => t`There is a route for ${model} already.`,
  limit_empty: () => t`A limit has at least one number; delete it to lift it.`,
  limit_of_workspace: () => t`This limit is about nobody but the workspace.`,
  limit_of_whom: () => t`This limit has to say whose it is.`,
  limit_no_key: () => t`It takes the id of a key of this workspace.`,
  limit_taken: () => t`There is a limit for that already: change it.`,
  price_pattern: () => t`A model’s name, or its beginning with a * behind it.`,
  no_own_price: () => t`This workspace has no price of its own for that.`,
};
