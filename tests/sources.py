"""The state of the code that a long run was done with: what it found of another does not count."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def sources_hash(*sources: str) -> str:
    """Of these files of the repository, and of all in these folders."""
    digest = hashlib.sha256()
    for source in sources:
        for path in sorted((ROOT / source).rglob("*")) or [ROOT / source]:
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]
