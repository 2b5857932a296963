"""Template tag libraries `ui` (components) and `charts` (SVG drawn on the server)."""
