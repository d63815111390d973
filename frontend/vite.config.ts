import { lingui, linguiTransformerBabelPreset } from "@lingui/vite-plugin";
import babel from "@rolldown/plugin-babel";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { loadEnv } from "vite";
import { defineConfig } from "vitest/config";

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
