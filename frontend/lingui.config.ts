import { defineConfig } from "@lingui/cli";
import { formatter } from "@lingui/format-po";

export default defineConfig({
  sourceLocale: "en",
  locales: ["en", "zh-Hans"],
  catalogs: [
    {
      path: "<rootDir>/src/locales/{locale}",
      include: ["src"],
      exclude: ["**/*.test.*", "src/testing/**"],
    },
  ],
  format: formatter({
    origins: true,
    lineNumbers: false,
    // They would quote whole files.
    printPlaceholdersInComments: false,
  }),
});
