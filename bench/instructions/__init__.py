"""Instruction counts under valgrind: a guard against getting slower that a busy machine does not disturb."""
