import { t } from "@lingui/core/macro";
import { Moon, Sun } from "lucide-react";
import { Button } from "@/components/button";
import { toggleTheme, useTheme } from "@/lib/theme";

export function ThemeToggle() {
  const theme = useTheme();
  const Icon = theme === "dark" ? Sun : Moon;
  return (
    <Button
      isIcon
      variant="ghost"
      aria-label={theme === "dark" ? t`Use the light theme` : t`Use the dark theme`}
      onClick={toggleTheme}
    >
      <Icon aria-hidden />
    </Button>
  );
}
