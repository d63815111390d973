"""What every row needs: a provider that does as it is told, workspaces, and processes."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench import processes, workspace
from bench.faults.provider import Provider, usual
from bench.processes import Watched
from bench.workspace import Workspace
from metaclaw_web.stack.ports import free_port


@dataclass(frozen=True, slots=True)
class Gateway:
    process: Watched
    port: int


@dataclass(slots=True)
class Stage:
    """A row's own folder of spool and logs; the provider and the workspaces are everybody's."""

    folder: Path
    provider: Provider
    spaces: dict[tuple[str, str], Workspace] = field(default_factory=dict)

    def space(self, kind: str = "openai", *, name: str = "") -> Workspace:
        """The workspace of that name whose provider speaks ``kind``; made when first asked for.

        That takes some seconds.
        """
        key = (kind, name)
        if key not in self.spaces:
            self.spaces[key] = workspace.create(self.provider.url, kind=kind)
        return self.spaces[key]

    def within(self, name: str) -> "Stage":
        """A stage with a folder of its own; the provider answers as usual again."""
        folder = self.folder / name
        folder.mkdir()
        self.provider.script = usual
        return Stage(folder, self.provider, self.spaces)

    @property
    def spool(self) -> Path:
        return self.folder / "spool"

    @contextmanager
    def gateway(self, env: Mapping[str, str] | None = None) -> Iterator[Gateway]:
        port, log = free_port(), self.folder / "gateway.log"
        with processes.gateway(port=port, spool=self.spool, log=log, env=env) as process:
            yield Gateway(process, port)

    def recorder(self, env: Mapping[str, str] | None = None) -> AbstractContextManager[Watched]:
        log = self.folder / "recorder.log"
        return processes.recorder(spool=self.spool, log=log, env=env)
