"""Writing a tokenizer to the Hugging Face Hub, by `huggingface_hub`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from .._rust import UnsupportedError

if TYPE_CHECKING:
    from .tokenizer import PreTrainedTokenizerFast


def push_to_hub(
    tokenizer: PreTrainedTokenizerFast,
    repo_id: str,
    *,
    commit_message: str | None = None,
    commit_description: str | None = None,
    private: bool | None = None,
    token: bool | str | None = None,
    revision: str | None = None,
    create_pr: bool = False,
    tags: Sequence[str] | None = None,
    organization: str | None = None,
    use_auth_token: bool | str | None = None,
    max_shard_size: int | str | None = None,
) -> Any:
    """Write a tokenizer to the Hugging Face Hub.

    Args:
        tokenizer: The tokenizer.
        repo_id: The repository, made where it is missing.
        commit_message: What the commit says.
        commit_description: And says further.
        private: Whether a repository that is made is private.
        token: Who writes; by default who has logged in.
        revision: The branch, made where it is missing.
        create_pr: Ask for a merge instead of writing.
        tags: Tags for the card of the repository; without any, the card is left alone.
        organization: Who owns the repository: an older way to say "owner/name".
        use_auth_token: The older name of `token`.
        max_shard_size: Taken for compatibility: no file of a tokenizer is cut.

    Returns:
        What `huggingface_hub` says of the commit.

    Raises:
        UnsupportedError: When `huggingface_hub` is not installed.
    """
    from .save import save_pretrained

    try:
        from huggingface_hub import HfApi
    except ImportError as error:
        raise UnsupportedError(
            "push_to_hub needs the package huggingface_hub (pip install 'fissile[hub]')"
        ) from error
    token = use_auth_token if token is None else token
    api = HfApi(token=token)
    owned = f"{organization}/{repo_id}" if organization else repo_id
    made = api.create_repo(owned, private=private, exist_ok=True)
    with TemporaryDirectory() as folder:
        save_pretrained(tokenizer, folder)
        if tags:
            _card(made.repo_id, tags, token).save(Path(folder) / "README.md")
        if revision is not None and not revision.startswith("refs/pr"):
            api.create_branch(repo_id=made.repo_id, branch=revision, exist_ok=True)
        return api.upload_folder(
            repo_id=made.repo_id,
            folder_path=folder,
            revision=revision,
            commit_message=commit_message or "Upload tokenizer",
            commit_description=commit_description,
            create_pr=create_pr,
        )


def _card(repo_id: str, tags: Sequence[str], token: bool | str | None) -> Any:
    """The card of a repository, or a bare one, with tags."""
    from huggingface_hub import ModelCard
    from huggingface_hub.errors import EntryNotFoundError

    try:
        card = ModelCard.load(repo_id, token=token)
    except EntryNotFoundError:
        card = ModelCard(f"---\nlibrary_name: fissile\n---\n\n# {repo_id}\n")
    held = card.data.tags or []
    card.data.tags = [*held, *(tag for tag in tags if tag not in held)]
    return card
