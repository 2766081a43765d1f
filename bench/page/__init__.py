"""Pages as a phone on a slow line meets them."""
