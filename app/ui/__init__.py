"""The face: the only floor that knows Qt. Asks services, shows rows, hands commands down."""
