import { t } from "@lingui/core/macro";
import { ApiError, errorText } from "@/lib/api";

/** Why a passkey did not do: the browser's reason, or that the server knows another one. */
export function passkeyRefusal(error: unknown): string {
  if (error instanceof ApiError && error.code === "incorrect_code") {
    return t`This passkey does not belong to an account here. Use another way.`;
  }
  return errorText(error);
}
