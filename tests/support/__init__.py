"""What several test folders share: where vocabularies and texts are, and hostile strings."""
