import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { Button } from "@/components/button";
import { Dialog, DialogFooter } from "@/components/dialog";
import { useTenant } from "@/lib/tenant";
import { PolicyForm } from "./policy-form";

/** A new policy; its page opens when it is saved. */
export function PolicyDialog({ onClose }: { onClose: () => void }) {
  const { slug: tenant } = useTenant();
  const navigate = useNavigate();
  return (
    <Dialog
      isOpen
      onClose={onClose}
      width="md"
      title={t`New policy`}
      note={t`Nothing is trained, and nothing served, before you say so.`}
    >
      <PolicyForm
        policy={null}
        onSaved={({ id }) =>
          void navigate({ to: "/t/$tenant/training/$policyId", params: { tenant, policyId: id } })
        }
      >
        {({ isBusy }) => (
          <DialogFooter>
            <Button onClick={onClose}>
              <Trans>Cancel</Trans>
            </Button>
            <Button type="submit" variant="primary" isBusy={isBusy}>
              <Trans>Create</Trans>
            </Button>
          </DialogFooter>
        )}
      </PolicyForm>
    </Dialog>
  );
}
