"""Models as things: which there are, where their files lie, what this machine can carry."""
