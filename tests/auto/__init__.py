"""The tokenizer that model code calls."""
