import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Account, AuthenticatorAppSecret, CompanyAccount } from "@/client/contract";
import { accountQuery } from "@/lib/account";
import { api, query, request } from "@/lib/api";
import { goToCompany } from "@/lib/company";
import { useProof } from "@/lib/identity";
import { type CreationOptions, makePasskey } from "@/lib/passkeys";

const ACCOUNT = "/_allauth/browser/v1/account";
const APP = `${ACCOUNT}/authenticators/totp`;
const CODES = `${ACCOUNT}/authenticators/recovery-codes`;
const PASSKEYS = `${ACCOUNT}/authenticators/webauthn`;

export const useAccount = () => useQuery(accountQuery());

type WithProof = ReturnType<typeof useProof>["withProof"];

/** A change of the account, which is then read anew; `change` asks for proof where it needs one. */
function useChange<Given, Answer>(change: (given: Given, withProof: WithProof) => Promise<Answer>) {
  const queryClient = useQueryClient();
  const { withProof } = useProof();
  return useMutation({
    mutationFn: (given: Given) => change(given, withProof),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: accountQuery().queryKey });
      // A workspace that asked for a second factor may be open now.
      await queryClient.invalidateQueries({ queryKey: ["session"], refetchType: "all" });
    },
    // Secrets must not outlive the dialog that shows them.
    gcTime: 0,
  });
}

export function useRename() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => api<Account>("/account/", { method: "PATCH", body: { name } }),
    onSuccess: (account) => {
      queryClient.setQueryData(accountQuery().queryKey, account);
      return queryClient.invalidateQueries({ queryKey: ["session"] });
    },
  });
}

type Passwords = { current_password?: string; new_password: string };

export const usePasswordChange = () =>
  useChange((passwords: Passwords, withProof) =>
    withProof(() =>
      request<unknown>(`${ACCOUNT}/password/change`, { method: "POST", body: passwords }),
    ),
  );

type Codes = { data: { unused_codes?: string[] } };

export const useAppBegin = () =>
  useChange((_: undefined, withProof) =>
    withProof(() => api<AuthenticatorAppSecret>("/account/authenticator-app/", { method: "POST" })),
  );

/** Turns the app on. Answers with the recovery codes, or with none if they were shown before. */
export const useAppConfirm = () =>
  useChange(async (code: string, withProof) => {
    const body = { code: code.replace(/\s/g, "") };
    await withProof(() => request<unknown>(APP, { method: "POST", body }));
    return withProof(readCodes);
  });

export const useAppRemove = () =>
  useChange((_: undefined, withProof) =>
    withProof(() => request<unknown>(APP, { method: "DELETE" })),
  );

export const useCodesRenew = () =>
  useChange(async (_: undefined, withProof) => {
    const { data } = await withProof(() => request<Codes>(CODES, { method: "POST" }));
    return data.unused_codes ?? [];
  });

/** Answers with the recovery codes that came with a first passkey, or with none. */
export const usePasskeyAdd = () =>
  useChange(async (name: string, withProof) => {
    type Begun = { data: { creation_options: CreationOptions } };
    const { data } = await withProof(() => request<Begun>(`${PASSKEYS}?passwordless`));
    const body = { name, credential: await makePasskey(data.creation_options) };
    type Made = { meta: { recovery_codes_generated: boolean } };
    const { meta } = await withProof(() => request<Made>(PASSKEYS, { method: "POST", body }));
    return meta.recovery_codes_generated ? withProof(readCodes) : [];
  });

export const usePasskeyRename = () =>
  useChange((passkey: { id: number; name: string }, withProof) =>
    withProof(() => request<unknown>(PASSKEYS, { method: "PUT", body: passkey })),
  );

export const usePasskeyRemove = () =>
  useChange((id: number, withProof) =>
    withProof(() =>
      request<unknown>(PASSKEYS, { method: "DELETE", body: { authenticators: [id] } }),
    ),
  );

/** Leaves for the company's sign-in, which leads back to the account page. */
export const useCompanyConnect = () =>
  useChange((from: string | undefined, withProof) =>
    withProof(() => goToCompany("connect", `/account${query({ from })}`)),
  );

export const useCompanyDisconnect = () =>
  useChange(({ provider, uid }: CompanyAccount, withProof) =>
    withProof(() =>
      request<unknown>(`${ACCOUNT}/providers`, {
        method: "DELETE",
        body: { provider, account: uid },
      }),
    ),
  );

async function readCodes(): Promise<string[]> {
  const { data } = await request<Codes>(CODES);
  return data.unused_codes ?? [];
}
