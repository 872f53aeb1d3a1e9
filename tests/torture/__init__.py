"""The fault campaign: people and programs save while everything under them is killed, cut, filled and turned back."""
