import { useNavigate } from "@tanstack/react-router";
import { Button } from "@/components/button";
import { Dialog, DialogFooter } from "@/components/dialog";
import { useTenant } from "@/lib/tenant";
import { PolicyForm } from "./policy-form";

type Props = { isOpen: boolean; onClose: () => void };

/** A new policy; its page opens when it is saved. */
export function PolicyDialog({ isOpen, onClose }: Props) {
  const { slug: tenant } = useTenant();
  const navigate = useNavigate();
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      width="md"
      title="New policy"
      note="Nothing is trained, and nothing served, before you say so."
    >
      <PolicyForm
        policy={null}
        onSaved={({ id }) =>
          void navigate({ to: "/t/$tenant/training/$policyId", params: { tenant, policyId: id } })
        }
      >
        {({ isBusy }) => (
          <DialogFooter>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" variant="primary" isBusy={isBusy}>
              Create
            </Button>
          </DialogFooter>
        )}
      </PolicyForm>
    </Dialog>
  );
}
