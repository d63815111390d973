import { t } from "@lingui/core/macro";
import { Check, SquareTerminal } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import type { TurnDetail } from "@/client/contract";
import { Button } from "@/components/button";
import { errorText } from "@/lib/api";
import { copyText } from "@/lib/clipboard";
import { useTenant } from "@/lib/tenant";
import { useFetchRequest, useGatewayUrl } from "../api/request";
import { asCurl } from "../curl";

/** Copies a command that sends the turn's request again, as its caller sent it. */
export function CopyCurl({ turn: { id, dialect } }: { turn: TurnDetail }) {
  const { slug } = useTenant();
  const gateway = useGatewayUrl(slug).data;
  const request = useFetchRequest(slug, id);
  const [isCopied, setIsCopied] = useState(false);
  if (!gateway || asCurl({ gateway, dialect, body: "" }) === null) return null;

  async function copy(body: string) {
    const command = asCurl({ gateway: gateway ?? "", dialect, body });
    if (!command || !(await copyText(command))) {
      toast.error(t`The browser did not let the console copy.`);
      return;
    }
    setIsCopied(true);
    setTimeout(() => setIsCopied(false), 1600);
  }

  const Icon = isCopied ? Check : SquareTerminal;
  return (
    <Button
      variant="ghost"
      title={t`What the client sent, without our skills. The key is taken from METACLAW_API_KEY.`}
      isBusy={request.isPending}
      onClick={() =>
        request.mutate(undefined, {
          onSuccess: (body) => void copy(body),
          onError: (error) => toast.error(errorText(error)),
        })
      }
    >
      <Icon aria-hidden /> {isCopied ? t`Copied` : t`Copy as curl`}
    </Button>
  );
}
