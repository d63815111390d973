import { t } from "@lingui/core/macro";
import { Send } from "lucide-react";
import { toast } from "sonner";
import { Button, type Variant } from "@/components/button";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useTestRequest } from "../api/onboarding";

type Props = { label?: string; variant?: Variant; onTurn?: (id: string) => void };

/** Asks the console server to send one real request through the gateway. */
export function TestRequestButton({ label = t`Send a test request`, variant, onTurn }: Props) {
  const { slug, may } = useTenant();
  const test = useTestRequest(slug);

  function send() {
    test.mutate(undefined, {
      onSuccess: ({ turn_id, http_status, detail }) => {
        if (http_status >= 400) toast.error(t`The gateway answered ${http_status}. ${detail}`);
        else
          toast.success(t`Test request answered.`, {
            ...(turn_id &&
              onTurn && { action: { label: t`Open`, onClick: () => onTurn(turn_id) } }),
          });
      },
      onError: (error) => toast.error(errorText(error)),
    });
  }

  return (
    <Button variant={variant} isBusy={test.isPending} disabled={!may("member")} onClick={send}>
      <Send aria-hidden /> {test.isPending ? t`Sending…` : label}
    </Button>
  );
}
