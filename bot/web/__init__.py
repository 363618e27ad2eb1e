"""What the program serves over HTTP: calendar feeds and the page."""
