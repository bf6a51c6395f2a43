"""双随机: who may be drawn, and the published order in which they are. Pure, so that anybody can check it (docs/draw.md)."""
