"""The program put together: clock, logs, holidays, backup and the order of start and stop."""
