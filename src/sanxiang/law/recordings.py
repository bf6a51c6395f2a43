"""Sound and film 音像记录: the names that the rest of the law asks by. The engine is `law.recording`."""

from sanxiang.law.recording.book import note, recorded, supply, unfilmed, unrecorded

__all__ = ["note", "recorded", "supply", "unfilmed", "unrecorded"]
