"""What a film is, read by FFmpeg in a process of its own: `python probe.py FILE FOLDER LIMITS` prints JSON, FOLDER gets the pictures.

The file came from anybody and the reader is a million lines of C, so this process may use little memory and time, reads no other
file than the one it was given, opens no connection, and is believed no more than its JSON. It imports nothing of ours.
"""

import json
import resource
import sys
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition
from av.video.frame import VideoFrame

FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpeg,mpegts,mpegvideo,asf,flv,wav,mp3,aac,ogg,flac,amr,dv,h264,hevc"
"""No playlist among them: one would have FFmpeg open other files and addresses."""
OPTIONS = {"protocol_whitelist": "file", "format_whitelist": FORMATS, "enable_drefs": "0"}
MOST_FRAMES, WIDTH, LARGEST_SIDE = 12, 320, 8192
QUALITY = "5"
"""Of a JPEG's quantiser, 2 best, 31 worst."""
MICRO = 1_000_000


def limit(memory: int, seconds: int, size: int) -> None:
    """Bounds that the kernel holds, whatever the reader does."""
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, size),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(kind, (most, most))


def probed(file: str, folder: Path) -> dict[str, Any]:
    """What the file says of itself, and its pictures in the folder. Raises FFmpegError, ValueError."""
    with av.open(file, options=OPTIONS, metadata_errors="ignore", timeout=(30, 30)) as film:
        if not film.streams.video and not film.streams.audio:
            raise ValueError("no sound and no picture")
        found = told(film)
        # A cover picture in a sound file is no film.
        video = next(
            (one for one in film.streams.video if not one.disposition & Disposition.attached_pic), None
        )
        if video is None:
            return found
        if max(video.width, video.height) > LARGEST_SIDE or not video.width:
            raise ValueError("picture out of bounds")
        found |= {"width": video.width, "height": video.height}
        found["frames"] = list(frames(film, found["seconds"], folder))
        if not found["frames"]:
            raise ValueError("no picture can be read")
    return found


def told(film: InputContainer) -> dict[str, Any]:
    """Length, beginning and codecs as the container states them."""
    lengths = [float(one.duration * one.time_base) for one in film.streams if one.duration and one.time_base]
    seconds = film.duration / MICRO if film.duration else max(lengths, default=0.0)
    began = film.metadata.get("creation_time") or next(
        (one.metadata["creation_time"] for one in film.streams if "creation_time" in one.metadata), ""
    )
    codecs = {
        kind: next((one.codec_context.name for one in film.streams if one.type == kind), "")
        for kind in ("video", "audio")
    }
    return {
        "format": film.format.name,
        "seconds": round(max(seconds, 0.0), 3),
        "began": began[:40],
        **codecs,
        "frames": [],
    }


def frames(film: InputContainer, seconds: float, folder: Path) -> Iterator[dict[str, Any]]:
    """About a dozen pictures over the whole length, at key frames, each a JPEG in the folder."""
    video, last = film.streams.video[0], -1.0
    video.codec_context.skip_frame = "NONKEY"
    video.thread_count = 1
    for n in range(MOST_FRAMES):
        at = seconds * n / MOST_FRAMES
        with suppress(FFmpegError):
            if n:
                film.seek(int(at * MICRO) + (film.start_time or 0), backward=True)
            frame = next(film.decode(video), None)
            if frame is None or frame.time is None or frame.time <= last:
                continue
            last = frame.time
            name = f"{n:02}.jpg"
            (folder / name).write_bytes(jpeg(frame))
            yield {"at": round(last - (film.start_time or 0) / MICRO, 3), "file": name}


def jpeg(frame: VideoFrame) -> bytes:
    """A small picture."""
    width = min(WIDTH, frame.width)
    height = max(2, round(frame.height * width / frame.width) // 2 * 2)
    coder = av.CodecContext.create("mjpeg", "w")
    coder.width, coder.height, coder.pix_fmt = width // 2 * 2, height, "yuvj420p"
    coder.time_base = Fraction(1, 25)  # one picture needs a clock all the same
    coder.options = {"qmin": QUALITY, "qmax": QUALITY}
    small = frame.reformat(width=coder.width, height=height, format="yuvj420p")
    small.pts = None
    return b"".join(bytes(packet) for packet in [*coder.encode(small), *coder.encode(None)])


def main() -> int:
    """0 and the JSON, or 1 and why not in a word."""
    file, folder, bounds = sys.argv[1:]
    limit(*json.loads(bounds))
    try:
        print(json.dumps(probed(file, Path(folder))))
    except (FFmpegError, ValueError, MemoryError, OSError) as error:
        print(json.dumps({"fault": type(error).__name__}))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
