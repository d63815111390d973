import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { QueryClientProvider } from "@tanstack/react-query";
import { createRouter, type RouterHistory } from "@tanstack/react-router";
import { SIGNED_OUT, sessionQuery } from "@/features/session/api/session";
import { createQueryClient } from "@/lib/query-client";
import { CrashPage, LoadingPage } from "./crash-page";
import { personRoutes } from "./person-routes";
import { Providers } from "./providers";
import { root } from "./root-route";
import { workspaceRoutes } from "./workspace-routes";

const routeTree = root.addChildren([...personRoutes, workspaceRoutes]);

/** The whole console; a test passes a history of its own. */
export function createConsole(history?: RouterHistory) {
  const queryClient = createQueryClient(() => {
    queryClient.setQueryData(sessionQuery().queryKey, SIGNED_OUT);
    // The guards of the routes run again and lead to the sign-in page.
    void router.invalidate();
  });
  const router = createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: "intent",
    defaultPendingComponent: LoadingPage,
    defaultErrorComponent: CrashPage,
    scrollRestoration: false,
    // What a route does not know or refuses is dropped, not passed on to its page.
    search: { strict: true },
    ...(history && { history }),
    Wrap: ({ children }) => (
      <QueryClientProvider client={queryClient}>
        <I18nProvider i18n={i18n}>
          <Providers>{children}</Providers>
        </I18nProvider>
      </QueryClientProvider>
    ),
  });
  return router;
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createConsole>;
  }
}
