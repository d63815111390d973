import { lingui, linguiTransformerBabelPreset } from "@lingui/vite-plugin";
import babel from "@rolldown/plugin-babel";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { loadEnv, type Plugin } from "vite";
import { defineConfig } from "vitest/config";

// A browser asks for six files at a time: what every page needs comes in one, and so do all icons.
const GROUPS = [
  {
    name: "vendor",
    test: new RegExp(
      "node_modules/(" +
        "react|react-dom|scheduler|use-sync-external-store|sonner|clsx|@lingui/(core|react|message-utils)|" +
        "@tanstack/(history|store|react-store|router-core|react-router|query-core|react-query)|" +
        // The frame around every page has dialogs.
        "@radix-ui/react-(dialog|dismissable-layer|focus-.*|portal|presence|primitive|slot|id|" +
        "compose-refs|context|use-.*)|@radix-ui/primitive|aria-hidden|react-remove-scroll.*" +
        ")/",
    ),
  },
  { name: "icons", test: /node_modules\/lucide-react\// },
];

/** Names what the first file loads in the page itself, so that a browser need not read it first. */
function startEarly(): Plugin {
  return {
    name: "start-early",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle }) {
        const chunks = Object.values(bundle ?? {}).filter((one) => one.type === "chunk");
        const start = chunks.find(({ facadeModuleId }) =>
          facadeModuleId?.endsWith("/app/start.tsx"),
        );
        if (!start) return [];
        return (
          [start.fileName, ...start.imports]
            .map((file) => `/static/console/${file}`)
            // What the page itself needs is named by Vite.
            .filter((href) => !html.includes(href))
            .map((href) => ({
              tag: "link",
              attrs: { rel: "modulepreload", crossorigin: true, href },
              injectTo: "head" as const,
            }))
        );
      },
    },
  };
}

export default defineConfig(({ mode }) => {
  const env = loadEnv(mode, ".", "METACLAW_");
  const target = env.METACLAW_CONSOLE_URL ?? "http://127.0.0.1:8000";

  return {
    base: "/static/console/",
    plugins: [
      react(),
      // English texts stay where they are written: see lib/locale.ts.
      babel({ presets: [linguiTransformerBabelPreset({ descriptorFields: "message" })] }),
      lingui(),
      tailwindcss(),
      startEarly(),
    ],
    resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
    build: {
      outDir: "dist",
      // The default folder .vite/ is hidden and collectstatic would skip it.
      manifest: "manifest.json",
      // Small fonts would become data: URLs, which the policy `font-src 'self'` refuses.
      assetsInlineLimit: 0,
      // The editor of skills is one chunk that loads only when somebody edits.
      chunkSizeWarningLimit: 600,
      rolldownOptions: {
        output: {
          codeSplitting: {
            groups: GROUPS,
          },
        },
      },
    },
    server: {
      proxy: {
        "/api": target,
        "/_allauth": target,
        "/ws": { target, ws: true },
      },
    },
    test: {
      environment: "happy-dom",
      setupFiles: ["src/testing/setup.ts"],
      // Whole pages are mounted, with their lazy parts: slow machines need the room.
      testTimeout: 20_000,
    },
  };
});
