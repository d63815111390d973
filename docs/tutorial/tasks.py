"""Prints a file of tasks that the local demo model can learn: say anything but small letters."""

import json

CHECKER = {"kind": "share", "value": "[^a-z ]"}

for number in range(40):
    task = {"task_id": f"t{number}", "instruction": f"Say something, {number}.", "checker": CHECKER}
    print(json.dumps(task))
