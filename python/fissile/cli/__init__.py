"""The command `fissile`: encode, decode, inspect, convert."""
