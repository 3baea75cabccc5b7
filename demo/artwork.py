"""Draw the demo series' cover: two shores, the strait between them, and one light crossing it."""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

Line = list[tuple[float, float]]

SIZE = 1400
SCALE = 2  # drawn twice as large and reduced, for smooth edges
NIGHT, WATER, DEEP, SAND, COPPER = "#14323c", "#2f6f7a", "#235661", "#f3ead9", "#d9803f"


def curve(points: Line, steps: int = 40) -> Line:
    """A smooth line through the points (Catmull-Rom)."""
    points = [points[0], *points, points[-1]]
    out = []
    for a, b, c, d in zip(points, points[1:], points[2:], points[3:], strict=False):
        for step in range(steps):
            t = step / steps
            x, y = (
                q + t * ((r - p) + t * ((2 * p - 5 * q + 4 * r - s) + t * (3 * q - p - 3 * r + s))) / 2
                for p, q, r, s in zip(a, b, c, d, strict=True)
            )
            out.append((x, y))
    return [*out, points[-1]]


def draw(path: Path) -> None:
    """Draw it."""
    side = SIZE * SCALE
    image = Image.new("RGB", (side, side), SAND)
    pen = ImageDraw.Draw(image)

    def area(line: Line, colour: str) -> None:
        outline = [(-10, 1500), *curve(line), (1410, 1500)]
        pen.polygon([(x * SCALE, y * SCALE) for x, y in outline], fill=colour)

    area([(-10, 640), (250, 585), (560, 655), (900, 590), (1180, 640), (1410, 600)], WATER)
    area([(-10, 860), (300, 815), (640, 880), (1000, 820), (1410, 875)], DEEP)
    area([(-10, 1090), (260, 1010), (620, 1060), (980, 1000), (1410, 1080)], NIGHT)

    # the light rises behind the far shore, so the water is drawn again over it
    x, y, r = 905 * SCALE, 520 * SCALE, 118 * SCALE
    pen.ellipse([x - r, y - r, x + r, y + r], fill=COPPER)
    area([(-10, 640), (250, 585), (560, 655), (900, 590), (1180, 640), (1410, 600)], WATER)
    area([(-10, 860), (300, 815), (640, 880), (1000, 820), (1410, 875)], DEEP)
    for number, half in enumerate((96, 66, 40, 20)):  # and lies on the water
        top = (668 + 44 * number) * SCALE
        pen.rounded_rectangle(
            [x - half * SCALE, top, x + half * SCALE, top + 14 * SCALE], 7 * SCALE, fill=COPPER
        )
    area([(-10, 1090), (260, 1010), (620, 1060), (980, 1000), (1410, 1080)], NIGHT)

    def text(at: tuple[int, int], words: str, size: int, colour: str) -> None:
        font = ImageFont.load_default(size * SCALE)  # comes with Pillow, so every machine draws the same
        pen.text((at[0] * SCALE, at[1] * SCALE), words, font=font, fill=colour)

    text((96, 96), "The Two Shores", 150, NIGHT)
    text((96, 262), "Debrief", 150, COPPER)
    text((100, 1180), "Copper Lantern Institute", 58, SAND)
    text((100, 1262), "Interviews from both sides of the strait", 40, "#9fc0c2")

    image = image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
    image = image.quantize(64, dither=Image.Dither.NONE).convert("RGB")  # flat colours: a smaller file
    image.save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    draw(Path(__file__).resolve().parent / "series" / "artwork.png")
