"""Real stories, played over HTTP and the broker by invented people, each to its end."""
