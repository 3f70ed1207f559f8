"""A vertical as small as can be, a library's desk: what tests of the runtime are played with."""
