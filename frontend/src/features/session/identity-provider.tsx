import { type ReactNode, useCallback, useState } from "react";
import { ProofProvider } from "@/lib/identity";
import { IdentityDialog } from "./components/identity-dialog";

type Asked = { why: string; answer: (isProved: boolean) => void };

/** Lets every page ask whoever sits there to show that it is them. */
export function IdentityProvider({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const ask = useCallback(
    (why = "") => new Promise<boolean>((answer) => setAsked({ why, answer })),
    [],
  );

  function end(isProved: boolean) {
    asked?.answer(isProved);
    setAsked(null);
  }

  return (
    <ProofProvider value={ask}>
      {children}
      <IdentityDialog
        isOpen={asked !== null}
        why={asked?.why ?? ""}
        onClose={() => end(false)}
        onProved={() => end(true)}
      />
    </ProofProvider>
  );
}
