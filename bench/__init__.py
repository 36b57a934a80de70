"""The measuring bench: fissile beside the field, ids checked before any clock starts."""
