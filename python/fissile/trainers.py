"""Trainers: the settings that training takes."""

from ._rust import trainers as _trainers

BpeTrainer = _trainers.BpeTrainer
ParityBpeTrainer = _trainers.ParityBpeTrainer
Pruned = _trainers.Pruned
Trainer = _trainers.Trainer
UnigramTrainer = _trainers.UnigramTrainer
WordCounts = _trainers.WordCounts
WordLevelTrainer = _trainers.WordLevelTrainer
WordPieceTrainer = _trainers.WordPieceTrainer

__all__ = [
    "BpeTrainer",
    "ParityBpeTrainer",
    "Pruned",
    "Trainer",
    "UnigramTrainer",
    "WordCounts",
    "WordLevelTrainer",
    "WordPieceTrainer",
]
