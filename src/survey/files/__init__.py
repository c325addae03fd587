"""BYTES: what a file is, which grids it holds, and the one way a file is saved."""
