"""The state of the code that a long run was done with: what it found of another does not count."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def sources_hash(*folders: str) -> str:
    """Of all files in these folders of the repository."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]
