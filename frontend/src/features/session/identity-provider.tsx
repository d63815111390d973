import { lazy, type ReactNode, Suspense, useCallback, useState } from "react";
import { ProofProvider } from "@/lib/identity";

// Few are ever asked: what draws a dialog need not be there before the first page.
const IdentityDialog = lazy(async () => {
  const { IdentityDialog: dialog } = await import("./components/identity-dialog");
  return { default: dialog };
});

type Asked = { why: string; answer: (isProved: boolean) => void };

/** Lets every page ask whoever sits there to show that it is them. */
export function IdentityProvider({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [wasAsked, setWasAsked] = useState(false);
  const ask = useCallback((why = "") => {
    setWasAsked(true);
    return new Promise<boolean>((answer) => setAsked({ why, answer }));
  }, []);

  function end(isProved: boolean) {
    asked?.answer(isProved);
    setAsked(null);
  }

  return (
    <ProofProvider value={ask}>
      {children}
      {wasAsked && (
        <Suspense>
          <IdentityDialog
            isOpen={asked !== null}
            why={asked?.why ?? ""}
            onClose={() => end(false)}
            onProved={() => end(true)}
          />
        </Suspense>
      )}
    </ProofProvider>
  );
}
