import { t } from "@lingui/core/macro";
import type { CompanySignIn } from "@/client/contract";
import { api } from "./api";

/** Leaves the console for the company's sign-in; it comes back to `next`. */
export async function goToCompany(process: "login" | "connect", next: string): Promise<void> {
  const { location: there } = await api<CompanySignIn>("/sign-in/company/", {
    method: "POST",
    body: { process, next },
  });
  location.assign(there);
}

const WORDS: Record<string, string> = {
  signup_closed: t`Nobody here has the address that your company told us. Ask an owner of a workspace to invite you.`,
  email_unverified: t`Your company has not confirmed your address, so we cannot know that you are you. Ask its administrators.`,
  permission_denied: t`This account is closed. Ask an owner of your workspace.`,
  cancelled: t`You turned back at your company. Nothing was changed.`,
  connected_other: t`Somebody else here is connected to that account already.`,
  reauthentication_required: t`Show first that it is you, then connect the account.`,
};

/** What came of a way through the company's sign-in, in words. */
export function companyProblem(code: string): string {
  return WORDS[code] ?? t`Your company's sign-in did not work. Try again, or sign in another way.`;
}
