from apps.demo import services
from apps.jobs.handlers import JobRun, handles


@handles(services.LOAD_KIND)
def load(run: JobRun) -> None:
    services.demo_load(run=run)
