"""Beds at sites, and the acute wards that they empty."""
