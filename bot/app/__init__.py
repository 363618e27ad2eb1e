"""The running program: assembly, start and stop, clock, logs, days off and backup."""
