"""The kit: fields that know their type, and the calm pieces every page is set from."""
