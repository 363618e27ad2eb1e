"""Prepares text for reading: normalizing, folding, numbers, names. PURE."""
