"""What the server remembers, in one SQLite file."""

from dataclasses import dataclass
from pathlib import Path

from apps.trainer.files import WeightFiles
from apps.trainer.store.checkpoints import Checkpoints
from apps.trainer.store.database import Database
from apps.trainer.store.requests import Requests
from apps.trainer.store.runs import Runs
from apps.trainer.store.samplers import Samplers
from apps.trainer.store.sessions import Sessions


@dataclass(frozen=True)
class Store:
    """The tables by their nouns, and the files that their rows name."""

    database: Database
    files: WeightFiles
    sessions: Sessions
    runs: Runs
    requests: Requests
    samplers: Samplers
    checkpoints: Checkpoints

    def files_in_use(self) -> set[str]:
        with self.database.reading() as db:
            rows = db.execute(
                "SELECT file FROM runs WHERE file IS NOT NULL "
                "UNION SELECT file FROM samplers WHERE file IS NOT NULL "
                "UNION SELECT file FROM checkpoints"
            )
            return {row["file"] for row in rows}

    def remove_unused(self, *names: str | None) -> None:
        """Remove these files unless a row still names them."""
        in_use = self.files_in_use()
        self.files.remove([name for name in names if name is not None and name not in in_use])


def open_store(folder: Path) -> Store:
    """Open what is in ``folder``, and remove the files that a crash left behind."""
    folder.mkdir(parents=True, exist_ok=True)
    database = Database(folder / "trainer.db")
    store = Store(
        database=database,
        files=WeightFiles(folder / "weights"),
        sessions=Sessions(database),
        runs=Runs(database),
        requests=Requests(database),
        samplers=Samplers(database),
        checkpoints=Checkpoints(database),
    )
    store.files.keep_only(store.files_in_use())
    return store
