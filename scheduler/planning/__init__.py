"""Which reminders are due, and the tick that stores them."""
