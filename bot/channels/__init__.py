"""The networks that reach people, one room each."""
