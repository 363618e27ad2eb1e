"""Work on a timer: intervals, alerts, broadcasts, cleanup."""
