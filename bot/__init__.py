"""The program: command line, settings, assembly, intake of updates, web endpoints and the local demo."""
