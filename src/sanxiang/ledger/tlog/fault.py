"""What a verification finds: which thing does not fit, how, and who is able to find it."""

from dataclasses import dataclass

DATABASE, FILES, WITNESS, RECEIPT = "database", "files", "witness", "receipt"
FINDERS = {
    DATABASE: "本机数据库的核验",
    FILES: "任何拿着账本文件和验证密钥的人",
    WITNESS: "见证人",
    RECEIPT: "持有旧检查点或者证明的人",
}
"""Who finds a fault: this installation's own audit, whoever reads the files, a witness, the holder of something older."""


@dataclass(frozen=True)
class Fault:
    """Something that does not fit: which thing, how, and by whose means it was found."""

    what: str
    where: str
    why: str
    by: str = DATABASE

    def as_json(self) -> dict[str, str]:
        """Plain values."""
        return {"what": self.what, "where": self.where, "why": self.why, "by": self.by}
