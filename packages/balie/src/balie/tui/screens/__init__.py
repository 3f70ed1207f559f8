"""The screens that every vertical has. A vertical's own are made from :class:`.base.DeskScreen`."""
