from apps.trajectories.signals.reading import Signal, signal_of_end, signals_of

__all__ = ["Signal", "signal_of_end", "signals_of"]
