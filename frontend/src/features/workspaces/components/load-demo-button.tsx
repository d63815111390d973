import { Trans } from "@lingui/react/macro";
import { FlaskRound } from "lucide-react";
import { toast } from "sonner";
import { Button, type Variant } from "@/components/button";
import { errorText } from "@/lib/api";
import { useCreateDemo } from "../api/demo";

type Props = {
  variant?: Variant;
  /** Why this person may make no workspace; null: they may. */
  refusal: string | null;
  onMade: (slug: string) => void;
};

/** Leads to a workspace full of made-up data, to look around in. */
export function LoadDemoButton({ variant, refusal, onMade }: Props) {
  const create = useCreateDemo(({ slug }) => onMade(slug));
  return (
    <Button
      variant={variant}
      isBusy={create.isPending}
      disabled={refusal !== null}
      title={refusal ?? undefined}
      onClick={() =>
        create.mutate(undefined, { onError: (error) => toast.error(errorText(error)) })
      }
    >
      <FlaskRound aria-hidden /> <Trans>Load the demo workspace</Trans>
    </Button>
  );
}
