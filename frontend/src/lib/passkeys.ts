/** What a browser does with passkeys: its own dialogs, and JSON in and out. */

import { t } from "@lingui/core/macro";
import { ApiError } from "./api";

export type CreationOptions = { publicKey: PublicKeyCredentialCreationOptionsJSON };
export type RequestOptions = { publicKey: PublicKeyCredentialRequestOptionsJSON };

const ADDRESS = /^(\d+\.){3}\d+$|^\[/;

/** Why this page can use no passkeys, in words; "" when it can. */
export function passkeyProblem(): string {
  const { hostname, protocol, port } = location;
  if (ADDRESS.test(hostname)) {
    const isThisMachine = hostname === "127.0.0.1" || hostname === "[::1]";
    if (!isThisMachine) return t`Passkeys need a name in the address of the console, not a number.`;
    const name = `${protocol}//localhost${port ? `:${port}` : ""}`;
    return t`Passkeys need a name in the address: open ${name} instead.`;
  }
  if (!window.isSecureContext) return t`Passkeys need an address that begins with https.`;
  if (typeof PublicKeyCredential?.parseCreationOptionsFromJSON !== "function") {
    return t`This browser cannot use passkeys here. A newer one can.`;
  }
  return "";
}

/** Makes a passkey on this device or another; throws an `ApiError` with words. */
export async function makePasskey({ publicKey }: CreationOptions): Promise<unknown> {
  const options = PublicKeyCredential.parseCreationOptionsFromJSON(publicKey);
  return asJson(() => navigator.credentials.create({ publicKey: options }));
}

export async function answerWithPasskey({ publicKey }: RequestOptions): Promise<unknown> {
  const options = PublicKeyCredential.parseRequestOptionsFromJSON(publicKey);
  return asJson(() => navigator.credentials.get({ publicKey: options }));
}

async function asJson(ask: () => Promise<Credential | null>): Promise<unknown> {
  try {
    return (await ask()) as PublicKeyCredential | null;
  } catch (error) {
    throw new ApiError(0, "passkey", wordsFor(error));
  }
}

function wordsFor(error: unknown): string {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "InvalidStateError") return t`This device has a passkey for you already.`;
  if (name === "NotAllowedError" || name === "AbortError") {
    return t`No passkey was used. You may have closed the dialog, or there is none for this address.`;
  }
  return t`The browser could not use a passkey here.`;
}
