"""Films that players play and probes read, made by PyAV in a second."""

import io
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import av


def make_film(
    seconds: int = 12, began: datetime | None = None, size: int = 0, kind: str = "mp4", rate: int = 10
) -> bytes:
    """A film whose picture grows brighter and has a tone; `size` makes it at least that long by bytes no player looks at."""
    out = io.BytesIO()
    with av.open(out, "w", format=kind) as film:
        if began:
            film.metadata["creation_time"] = began.isoformat()
        video = film.add_stream("libx264" if kind == "mp4" else "libvpx", rate=rate)
        video.width, video.height, video.pix_fmt, video.gop_size = 320, 180, "yuv420p", rate
        for n in range(seconds * rate):
            frame = av.VideoFrame(320, 180, "yuv420p")
            light = 40 + 180 * n // (seconds * rate)
            for plane, value in zip(frame.planes, (light, 128, 128), strict=True):
                plane.update(bytes([value]) * plane.buffer_size)
            frame.pts, frame.time_base = n, Fraction(1, rate)
            film.mux(video.encode(frame))
        film.mux(video.encode())
    data = out.getvalue()
    padding = max(size - len(data), 8)
    return data + (padding.to_bytes(4, "big") + b"free" + bytes(padding - 8) if size else b"")


def film_at(file: Path, **how: object) -> Path:
    """The same on disk."""
    file.write_bytes(make_film(**how))  # type: ignore[arg-type]
    return file
