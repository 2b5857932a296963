"""一页画像: a village or a township on one sheet of A4, with twelve-month lines."""
