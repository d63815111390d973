import { expect, test } from "vitest";
import { actionLook } from "./action-look";

test.each([
  ["key.created", "key created"],
  ["key.revoked", "key revoked"],
  ["settings.changed", "Settings changed"],
  ["upstream.created", "upstream added"],
  ["upstream.changed", "upstream changed"],
  ["upstream.deleted", "upstream deleted"],
  ["skill.published", "skill published"],
  ["skill.activated", "skill activated"],
  ["skill.retired", "skill retired"],
  ["skills.imported", "imported"],
  ["proposal.created", "proposed"],
  ["proposal.edited", "proposal edited"],
  ["proposal.approved", "proposal approved"],
  ["proposal.rejected", "proposal rejected"],
  ["member.joined", "joined"],
  ["member.changed", "has another role"],
  ["member.removed", "removed from the workspace"],
  ["member.left", "left the workspace"],
  ["invitation.created", "invited"],
  ["invitation.renewed", "invited again"],
  ["invitation.revoked", "invitation revoked"],
])("%s reads as %s, with a sign of its own", (action, text) => {
  expect(actionLook(action).text).toBe(text);
  expect(actionLook(action).Icon).not.toBe(actionLook("unknown").Icon);
});

test("an action that is not known yet reads as it is named", () => {
  expect(actionLook("batch.training_started").text).toBe("batch training started");
});

test.each([
  ["proposal.quarantined", "proposal quarantined"],
  ["annotation.changed", "rules of annotation changed"],
  ["canary.no_lift", "trial ended without a difference"],
])("%s reads as %s, with no more than a dot", (action, text) => {
  expect(actionLook(action).text).toBe(text);
  expect(actionLook(action).Icon).toBe(actionLook("unknown").Icon);
});
