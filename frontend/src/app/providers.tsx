import type { ReactNode } from "react";
import { Toaster } from "sonner";
import { IdentityProvider } from "@/features/session/identity-provider";
import { useTheme } from "@/lib/theme";

export function Providers({ children }: { children: ReactNode }) {
  const theme = useTheme();
  return (
    <>
      <IdentityProvider>{children}</IdentityProvider>
      {/* Outside the shell: it renders a section that would become a cell of its grid. */}
      <Toaster
        theme={theme}
        position="bottom-right"
        toastOptions={{
          style: {
            background: "var(--panel)",
            border: "1px solid var(--line2)",
            color: "var(--ink)",
            fontFamily: "var(--font-sans)",
            fontSize: "13px",
            borderRadius: "8px",
          },
        }}
      />
    </>
  );
}
