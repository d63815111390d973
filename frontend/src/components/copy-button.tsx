import { t } from "@lingui/core/macro";
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { copyText } from "@/lib/clipboard";
import { Button, type Variant } from "./button";

type Props = { text: string; label: string; isIcon?: boolean; variant?: Variant };

/** Says "Copied" where it was pressed; `label` names what is copied ("Copy key"). */
export function CopyButton({ text, label, isIcon = false, variant = "plain" }: Props) {
  const [isCopied, setIsCopied] = useState(false);

  async function copy() {
    if (!(await copyText(text))) return;
    setIsCopied(true);
    setTimeout(() => setIsCopied(false), 1600);
  }

  const Icon = isCopied ? Check : Copy;
  return (
    <Button
      variant={variant}
      isIcon={isIcon}
      onClick={copy}
      {...(isIcon && { "aria-label": isCopied ? t`Copied` : label, title: label })}
    >
      <Icon aria-hidden />
      {!isIcon && (isCopied ? t`Copied` : label)}
    </Button>
  );
}
