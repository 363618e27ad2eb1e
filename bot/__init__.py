"""The entry points: command line, program, Telegram, HTTP servers, settings and demo."""
