"""The image files that the tests of io.densespark.data.decode decode, and the pixels that they expect.

Run with Python 3, Pillow 13.0.0 and NumPy 2.4.6: python3 data-prep/scripts/image-fixtures.py

Writes the folder data-prep/src/test/resources/io/densespark/data/decode anew. expected.txt has a line for each decoding:
file, pixel format, background, height, width, the largest difference allowed at one value and on average, and the pixels
in Base64. Lossless files are expected to give exactly the pixels that they were made of; for lossy ones the pixels are
Pillow's. Formats that Pillow doesn't write (16 bits with colors, some kinds of BMP and TIFF) are written here byte by byte.
resized.txt has images that Pillow resized: height, width, mode, new height and width, pixels, new pixels.
"""

import base64
import io
import pathlib
import shutil
import struct
import zlib

import numpy as np
from PIL import Image

OUT = pathlib.Path(__file__).parent.parent / "src/test/resources/io/densespark/data/decode"
HEIGHT, WIDTH = 9, 13
WHITE = 0xFFFFFF
LINES = []
random = np.random.default_rng(20)


# What is expected


def lay_on(rgba, background):
    """[H, W, 4] onto a color: each value weighted by alpha, rounded to the nearest."""
    largest = 255 if rgba.dtype == np.uint8 else 65535
    under = np.array([background >> 16, background >> 8 & 255, background & 255], np.int64) * (largest // 255)
    alpha = rgba[..., 3:].astype(np.int64)
    mixed = (rgba[..., :3] * alpha + under * (largest - alpha) + largest // 2) // largest
    return mixed.astype(rgba.dtype)


def rgb_of(values, background):
    if values.ndim == 2:
        return np.stack([values] * 3, -1)
    if values.shape[2] == 2:
        values = np.concatenate([values[..., :1]] * 3 + [values[..., 1:]], -1)
    return lay_on(values, background) if values.shape[2] == 4 else values


def pixels(values, kind, background):
    rgb = rgb_of(values, background).astype(np.int64)
    wide = values.dtype == np.uint16
    if kind == "RGB8":
        return ((rgb + 128) // 257 if wide else rgb).astype(np.uint8)
    scale = 257 if kind == "GREY16" and not wide else 1
    if values.ndim == 2:
        grey = rgb[..., 0] * scale
    else:
        grey = (rgb @ np.array([19595, 38470, 7471]) * scale + 0x8000) >> 16
    if kind == "GREY16":
        return grey.astype("<u2")
    return ((grey + 128) // 257 if wide else grey).astype(np.uint8)


def expect(name, values, kinds=("RGB8",), backgrounds=(WHITE,), worst=0, mean=0):
    for kind in kinds:
        for background in backgrounds:
            data = pixels(values, kind, background)
            text = base64.b64encode(data.tobytes()).decode()
            LINES.append(f"{name} {kind} {background:06x} {data.shape[0]} {data.shape[1]} {worst} {mean} {text}")


def write(name, data, values=None, **how):
    """A file and what it is decoded to; without values, to what Pillow decodes it to."""
    (OUT / name).write_bytes(data)
    if values is None:
        image = Image.open(io.BytesIO(data))
        values = np.asarray(image.convert("RGBA" if "A" in image.mode else "RGB"))
    expect(name, values, **how)


def saved(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


# Images to write


def smooth(channels, seed=0):
    """Gradients with a little noise, as in a photo."""
    noise = np.random.default_rng(seed)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    planes = [30 + x * 14 + y * 3, 200 - y * 17 + x * 2, 20 + (x + y) * 8, 255 - x * y * 2]
    values = np.stack(planes[:channels], -1) + noise.integers(-6, 7, (HEIGHT, WIDTH, channels))
    return values.clip(0, 255).astype(np.uint8)


def noise(channels, kind=np.uint8):
    shape = (HEIGHT, WIDTH) if channels == 1 else (HEIGHT, WIDTH, channels)
    return random.integers(0, np.iinfo(kind).max + 1, shape, kind)


def upright(values, orientation):
    """What an image stored in one of Exif's eight orientations looks like."""
    return {
        1: lambda v: v,
        2: lambda v: v[:, ::-1],
        3: lambda v: v[::-1, ::-1],
        4: lambda v: v[::-1],
        5: lambda v: v.swapaxes(0, 1),
        6: lambda v: np.rot90(v, -1),
        7: lambda v: v[::-1, ::-1].swapaxes(0, 1),
        8: lambda v: np.rot90(v, 1),
    }[orientation](values)


def exif(orientation):
    made = Image.Exif()
    made[274] = orientation
    return made.tobytes()


# Formats byte by byte


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def packed(values, bits):
    """Rows of values of 1 to 16 bits, the high bit first, each row filled up to a byte."""
    flat = values.reshape(values.shape[0], -1)
    shifts = np.arange(bits - 1, -1, -1)
    spread = (flat[..., None].astype(np.int64) >> shifts & 1).astype(np.uint8)
    return np.packbits(spread.reshape(flat.shape[0], -1), axis=1)


def png(values, bits, color, before=(), interlaced=False):
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    rows = b""
    for y, x, dy, dx in passes if interlaced else [(0, 0, 1, 1)]:
        part = values[y::dy, x::dx]
        if part.size:
            rows += b"".join(b"\0" + row.tobytes() for row in packed(part, bits))
    header = struct.pack(">IIBBBBB", values.shape[1], values.shape[0], bits, color, 0, 0, int(interlaced))
    chunks = [(b"IHDR", header), *before, (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*c) for c in chunks)


def bmp(bits, rows, compression=0, palette=b"", masks=b"", height=HEIGHT, header=40):
    size = 14 + header + (len(masks) if header == 40 else 0) + len(palette)
    if header == 12:
        info = struct.pack("<IHHHH", 12, WIDTH, height, 1, bits)
    else:
        info = struct.pack("<IiiHHIIiiII", header, WIDTH, height, 1, bits, compression, len(rows), 0, 0, 0, 0)
        info += masks
        info += bytes(max(0, header - len(info)))
    return struct.pack("<2sIHHI", b"BM", size + len(rows), 0, 0, size) + info + palette + rows


def padded(rows):
    return b"".join(row.tobytes() + bytes(-row.nbytes % 4) for row in rows)


def tiff(strips, order, **tags):
    """One directory after the strips or tiles; tags are numbers, or tuples of them, of 16 bits, offsets of 32."""
    names = dict(width=256, height=257, bits=258, compression=259, colors=262, offsets=273, orientation=274,
                 channels=277, rows=278, bytes=279, planes=284, tile_width=322, tile_height=323, tile_offsets=324,
                 tile_bytes=325, extra=338)
    data, offsets = b"", []
    for strip in strips:
        offsets.append(8 + len(data))
        data += strip + b"\0" * (len(strip) % 2)
    tiled = "tile_width" in tags
    tags["tile_offsets" if tiled else "offsets"] = tuple(offsets)
    tags["tile_bytes" if tiled else "bytes"] = tuple(len(s) for s in strips)
    entries, outside = [], b""
    for number, name in sorted((names[name], name) for name in tags):
        value = tags[name] if isinstance(tags[name], tuple) else (tags[name],)
        long = name.endswith("offsets") or name.endswith("bytes")
        content = struct.pack(order + ("I" if long else "H") * len(value), *value)
        if len(content) > 4:
            at = 8 + len(data) + len(outside)
            outside += content
            content = struct.pack(order + "I", at)
        entries.append(struct.pack(order + "HHI", number, 4 if long else 3, len(value)) + content.ljust(4, b"\0"))
    directory = struct.pack(order + "H", len(entries)) + b"".join(entries) + bytes(4)
    mark = b"II" if order == "<" else b"MM"
    return mark + struct.pack(order + "HI", 42, 8 + len(data) + len(outside)) + data + outside + directory


# The files


def jpegs():
    lossy = dict(worst=3, mean=0.5)
    color, grey = Image.fromarray(smooth(3)), Image.fromarray(smooth(1)[..., 0])
    write("color.jpg", saved(color, "JPEG", quality=90, subsampling=0), kinds=("RGB8", "GREY8", "GREY16"), worst=3, mean=0.5)
    write("subsampled.jpg", saved(color, "JPEG", quality=90, subsampling=2), **lossy)
    write("progressive.jpg", saved(color, "JPEG", quality=90, progressive=True), **lossy)
    write("restart.jpg", saved(color, "JPEG", quality=90, restart_marker_blocks=1), **lossy)
    write("grey.jpg", saved(grey, "JPEG", quality=90), worst=3, mean=0.5)
    flat = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
    write("middle-grey.jpg", saved(Image.fromarray(flat), "JPEG"), flat)
    write("middle-grey-progressive.jpg", saved(Image.fromarray(flat), "JPEG", progressive=True), flat)
    cmyk = saved(Image.fromarray(smooth(4), "CMYK"), "JPEG", quality=95, subsampling=0)
    write("cmyk.jpg", cmyk, worst=3, mean=1)
    at = cmyk.index(b"Adobe") + 11
    write("ycck.jpg", cmyk[:at] + b"\2" + cmyk[at + 1 :], worst=3, mean=1)
    # Of many blocks, to be cut off between them.
    y, x = np.mgrid[0:32, 0:40]
    planes = np.stack([x * 5 + y, 240 - y * 6, 30 + x * 2 + y * 3, x + y * 2], -1)
    blocks = (planes + np.random.default_rng(7).integers(-9, 10, planes.shape)).clip(0, 255).astype(np.uint8)
    many = dict(kinds=("GREY8",), worst=3, mean=0.5)
    image = Image.fromarray(blocks[..., :3])
    write("blocks.jpg", saved(image, "JPEG", quality=80, subsampling=0), **many)
    write("blocks-subsampled.jpg", saved(image, "JPEG", quality=80, subsampling=2), **many)
    write("blocks-progressive.jpg", saved(image, "JPEG", quality=80, progressive=True), **many)
    write("blocks-restart.jpg", saved(image, "JPEG", quality=80, restart_marker_blocks=2), **many)
    write("blocks-grey.jpg", saved(image.convert("L"), "JPEG", quality=80), **many)
    write("blocks-cmyk.jpg", saved(Image.fromarray(blocks, "CMYK"), "JPEG", quality=80), kinds=("GREY8",), worst=3, mean=1)
    for orientation in range(1, 9):
        data = saved(color, "JPEG", quality=90, subsampling=0, exif=exif(orientation))
        values = np.asarray(Image.open(io.BytesIO(data)))
        write(f"orientation-{orientation}.jpg", data, upright(values, orientation), **lossy)


def pngs():
    every = dict(kinds=("RGB8", "GREY8", "GREY16"), backgrounds=(WHITE, 0x204060))
    for name, bits, color, channels in [
        ("color", 8, 2, 3), ("alpha", 8, 6, 4), ("grey-alpha", 8, 4, 2), ("grey", 8, 0, 1),
        ("color-16", 16, 2, 3), ("alpha-16", 16, 6, 4), ("grey-alpha-16", 16, 4, 2), ("grey-16", 16, 0, 1),
    ]:
        values = noise(channels, np.uint8 if bits == 8 else np.uint16)
        write(f"{name}.png", png(values, bits, color), values, **every)
    for bits in (1, 2, 4):
        values = random.integers(0, 1 << bits, (HEIGHT, WIDTH), np.uint8)
        shown = values * (255 // ((1 << bits) - 1))
        write(f"grey-{bits}.png", png(values, bits, 0), shown)
        key = values[0, 0]
        keyed = np.stack([shown, np.where(values == key, 0, 255).astype(np.uint8)], -1)
        write(f"grey-{bits}-key.png", png(values, bits, 0, [(b"tRNS", struct.pack(">H", key))]), keyed, **every)
        palette = random.integers(0, 256, (1 << bits, 4), np.uint8)
        colors = [(b"PLTE", palette[:, :3].tobytes())]
        write(f"palette-{bits}.png", png(values, bits, 3, colors), palette[values][..., :3])
        alphas = [*colors, (b"tRNS", palette[:, 3].tobytes())]
        write(f"palette-{bits}-alpha.png", png(values, bits, 3, alphas), palette[values], **every)
    for kind, bits in ((np.uint8, 8), (np.uint16, 16)):
        largest = np.iinfo(kind).max
        color, grey = noise(3, kind), noise(1, kind)
        color[2:4, 5:9] = color[0, 0]
        grey[2:4, 5:9] = grey[0, 0]
        alpha = np.where((color == color[0, 0]).all(-1), 0, largest).astype(kind)[..., None]
        key = [(b"tRNS", struct.pack(">HHH", *color[0, 0]))]
        write(f"color-{bits}-key.png", png(color, bits, 2, key), np.concatenate([color, alpha], -1))
        alpha = np.where(grey == grey[0, 0], 0, largest).astype(kind)
        key = [(b"tRNS", struct.pack(">H", grey[0, 0]))]
        write(f"grey-{bits}-key.png", png(grey, bits, 0, key), np.stack([grey, alpha], -1), **every)
    values = noise(4)
    write("interlaced.png", png(values, 8, 6, interlaced=True), values)
    background = [(b"bKGD", struct.pack(">HHH", 1, 2, 3)), (b"gAMA", struct.pack(">I", 100000))]
    write("background.png", png(values, 8, 6, background), values)
    frames = [Image.fromarray(noise(4)) for _ in range(3)]
    write("animated.png", saved(frames[0], "PNG", save_all=True, append_images=frames[1:]), np.asarray(frames[0]))
    color = noise(3)
    write("orientation.png", saved(Image.fromarray(color), "PNG", exif=exif(6)), upright(color, 6))


def webps():
    color, alpha = noise(3), noise(4)
    write("color.webp", saved(Image.fromarray(color), "WEBP", lossless=True), color)
    write("alpha.webp", saved(Image.fromarray(alpha), "WEBP", lossless=True, exact=True), alpha)
    write("orientation.webp", saved(Image.fromarray(color), "WEBP", lossless=True, exif=exif(8)), upright(color, 8))
    lossy = dict(worst=3, mean=0.5)
    write("lossy.webp", saved(Image.fromarray(smooth(3)), "WEBP", quality=90), **lossy)
    write("lossy-alpha.webp", saved(Image.fromarray(smooth(4)), "WEBP", quality=90), **lossy)
    frames = [Image.fromarray(noise(4)) for _ in range(3)]
    data = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True, exact=True)
    write("animated.webp", data, np.asarray(frames[0]))
    # The same with a canvas larger than the first frame, which lies 4 from the left and 2 from the top.
    at, frame = data.index(b"VP8X"), data.index(b"ANMF") + 8
    canvas = np.zeros((HEIGHT + 5, WIDTH + 6, 4), np.uint8)
    canvas[2 : 2 + HEIGHT, 4 : 4 + WIDTH] = np.asarray(frames[0])
    size = struct.pack("<I", WIDTH + 5)[:3] + struct.pack("<I", HEIGHT + 4)[:3]
    data = data[: at + 12] + size + data[at + 18 : frame] + b"\2\0\0\1\0\0" + data[frame + 6 :]
    write("animated-part.webp", data, canvas)


def gifs():
    palette = random.integers(0, 256, (16, 3), np.uint8)
    values = random.integers(0, 16, (HEIGHT, WIDTH), np.uint8)
    image = Image.fromarray(values, "P")
    image.putpalette(palette.tobytes())
    write("palette.gif", saved(image, "GIF", interlace=0, optimize=False), palette[values])
    write("interlaced.gif", saved(image, "GIF", interlace=1, optimize=False), palette[values])
    alpha = np.where(values == 3, 0, 255).astype(np.uint8)[..., None]
    transparent = np.concatenate([palette[values], alpha], -1)
    data = saved(image, "GIF", transparency=3, interlace=0, optimize=False)
    write("transparent.gif", data, transparent, backgrounds=(WHITE, 0x204060))
    # A screen larger than the image, which lies 2 from the left and 1 from the top.
    screen = np.zeros((HEIGHT + 3, WIDTH + 4, 4), np.uint8)
    screen[1 : 1 + HEIGHT, 2 : 2 + WIDTH] = transparent
    at = data.index(struct.pack("<BHHHH", 0x2C, 0, 0, WIDTH, HEIGHT))
    opaque = b"\x21\xf9\x04\0\0\0\0\0"
    write("opaque-again.gif", data[:at] + opaque + data[at:], palette[values])
    part = data[:6] + struct.pack("<HH", WIDTH + 4, HEIGHT + 3) + data[10:at] + struct.pack("<BHH", 0x2C, 2, 1)
    write("part.gif", part + data[at + 5 :], screen)
    frames = [Image.fromarray((values + n) % 16, "P") for n in range(3)]
    for frame in frames:
        frame.putpalette(palette.tobytes())
    data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], optimize=False)
    write("animated.gif", data, palette[values])
    # Enough pixels for the table of strings to become full.
    large = np.random.default_rng(5).integers(0, 256, (80, 80), np.uint8)
    image = Image.fromarray(large, "L")
    write("full-table.gif", saved(image, "GIF", interlace=0), large, kinds=("GREY8",))


def bmps():
    color = noise(3)
    down = color[::-1, :, ::-1]
    write("color.bmp", bmp(24, padded(down)), color)
    write("top-down.bmp", bmp(24, padded(color[..., ::-1]), height=-HEIGHT), color)
    write("os2.bmp", bmp(24, padded(down), header=12), color)
    alpha = noise(4)
    rows = padded(alpha[::-1, :, [2, 1, 0, 3]])
    write("unused-alpha.bmp", bmp(32, rows), alpha[..., :3])
    masks = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    write("alpha.bmp", bmp(32, rows, 3, masks=masks, header=124), alpha)
    fives = noise(3) >> 3
    words = (fives[..., 0].astype("<u2") << 10) | (fives[..., 1].astype("<u2") << 5) | fives[..., 2]
    write("bits-555.bmp", bmp(16, padded(words[::-1])), fives << 3 | fives >> 2)
    sixes = noise(1) >> 2
    words = (fives[..., 0].astype("<u2") << 11) | (sixes.astype("<u2") << 5) | fives[..., 2]
    masks = struct.pack("<III", 0xF800, 0x7E0, 0x1F)
    shown = np.stack([fives[..., 0] << 3 | fives[..., 0] >> 2, sixes << 2 | sixes >> 4, fives[..., 2] << 3 | fives[..., 2] >> 2], -1)
    write("bits-565.bmp", bmp(16, padded(words[::-1]), 3, masks=masks), shown)
    for bits in (1, 4, 8):
        values = random.integers(0, 1 << bits, (HEIGHT, WIDTH), np.uint8)
        palette = random.integers(0, 256, (1 << bits, 3), np.uint8)
        table = b"".join(bytes((b, g, r, 0)) for r, g, b in palette)
        write(f"palette-{bits}.bmp", bmp(bits, padded(packed(values[::-1], bits)), palette=table), palette[values])
    values = (random.integers(0, 2, (HEIGHT, WIDTH)).cumsum(1) // 3 * 40).astype(np.uint8)
    table = b"".join(bytes((n, n, n, 0)) for n in range(256))
    rows = b""
    for row in values[::-1]:
        rows += b"".join(bytes((1, value)) for value in row) + b"\0\0"
    write("runs.bmp", bmp(8, rows + b"\0\1", 1, palette=table), values)


def tiffs():
    color, grey = noise(3), noise(1)
    image = Image.fromarray(color)
    write("color.tiff", saved(image, "TIFF"), color, kinds=("RGB8", "GREY8"))
    for name, compression in [("lzw", "tiff_lzw"), ("deflate", "tiff_adobe_deflate"), ("packbits", "packbits")]:
        write(f"{name}.tiff", saved(image, "TIFF", compression=compression), color)
    large = np.random.default_rng(6).integers(0, 256, (70, 70), np.uint8)
    write("lzw-full-table.tiff", saved(Image.fromarray(large), "TIFF", compression="tiff_lzw"), large, kinds=("GREY8",))
    write("lzw-predictor.tiff", saved(image, "TIFF", compression="tiff_lzw", tiffinfo={317: 2}), color)
    write("jpeg.tiff", saved(Image.fromarray(smooth(3)), "TIFF", compression="jpeg"), worst=3, mean=0.5)
    write("grey.tiff", saved(Image.fromarray(grey), "TIFF"), grey)
    bilevel = Image.fromarray(grey).convert("1")
    write("bilevel.tiff", saved(bilevel, "TIFF"))
    write("fax.tiff", saved(bilevel, "TIFF", compression="group4"))
    write("cmyk.tiff", saved(Image.fromarray(noise(4), "CMYK"), "TIFF"), worst=1, mean=1)
    palette = random.integers(0, 256, (256, 3), np.uint8)
    indexed = Image.fromarray(grey, "P")
    indexed.putpalette(palette.tobytes())
    write("palette.tiff", saved(indexed, "TIFF"), palette[grey])
    pages = [Image.fromarray(color), Image.fromarray(noise(3))]
    write("pages.tiff", saved(pages[0], "TIFF", save_all=True, append_images=pages[1:]), color)
    wide, wide_grey = noise(3, np.uint16), noise(1, np.uint16)
    write("grey-16.tiff", saved(Image.fromarray(wide_grey), "TIFF"), wide_grey, kinds=("RGB8", "GREY8", "GREY16"))
    size = dict(width=WIDTH, height=HEIGHT, compression=1, planes=1, rows=HEIGHT)
    for order in "<>":
        name = "little" if order == "<" else "big"
        data = tiff([wide.astype(order + "u2").tobytes()], order, bits=(16,) * 3, colors=2, channels=3, **size)
        write(f"color-16-{name}.tiff", data, wide, kinds=("RGB8", "GREY16"))
    rows = [color[:4].tobytes(), color[4:8].tobytes(), color[8:].tobytes()]
    strips = tiff(rows, ">", bits=(8,) * 3, colors=2, channels=3, **size | dict(rows=4))
    write("strips.tiff", strips, color)
    planes = [color[..., c].tobytes() for c in range(3)]
    write("planes.tiff", tiff(planes, "<", bits=(8,) * 3, colors=2, channels=3, **size | dict(planes=2)), color)
    canvas = np.zeros((32, 32, 3), np.uint8)
    canvas[:HEIGHT, :WIDTH] = color
    size.pop("rows")
    tiles = tiff([canvas.tobytes()], "<", bits=(8,) * 3, colors=2, channels=3, tile_width=32, tile_height=32, **size)
    write("tile.tiff", tiles, color)
    size["rows"] = HEIGHT
    write("inverse.tiff", tiff([(255 - grey).tobytes()], "<", bits=8, colors=0, channels=1, **size), grey)
    alpha = noise(4)
    four = dict(colors=2, channels=4, **size)
    write("alpha.tiff", tiff([alpha.tobytes()], "<", bits=(8,) * 4, extra=2, **four), alpha)
    write("unused.tiff", tiff([alpha.tobytes()], "<", bits=(8,) * 4, extra=0, **four), alpha[..., :3])
    multiplied = alpha.astype(np.int64)
    multiplied[..., :3] = (multiplied[..., :3] * multiplied[..., 3:] + 127) // 255
    data = tiff([multiplied.astype(np.uint8).tobytes()], "<", bits=(8,) * 4, extra=1, **four)
    write("multiplied.tiff", data, alpha, worst=1, mean=0.5)
    wide_alpha = noise(4, np.uint16)
    data = tiff([wide_alpha.astype("<u2").tobytes()], "<", bits=(16,) * 4, extra=2, **four)
    write("alpha-16.tiff", data, wide_alpha)
    for orientation in range(1, 9):
        data = tiff([color.tobytes()], "<", bits=(8,) * 3, colors=2, channels=3, orientation=orientation, **size)
        write(f"orientation-{orientation}.tiff", data, upright(color, orientation))
    data = tiff([wide.astype("<u2").tobytes()], "<", bits=(16,) * 3, colors=2, channels=3, orientation=6, **size)
    write("orientation-16.tiff", data, upright(wide, 6))


def resized():
    lines = []

    def line(mode, before, after):
        size = f"{before.shape[0]} {before.shape[1]} {mode} {after.shape[0]} {after.shape[1]}"
        lines.append(" ".join([size] + [base64.b64encode(v.tobytes()).decode() for v in (before, after)]))

    for height, width, to_height, to_width in [(31, 40, 9, 13), (17, 12, 16, 5), (5, 7, 12, 20), (60, 3, 7, 3), (23, 23, 24, 22)]:
        before = random.integers(0, 256, (height, width, 3), np.uint8)
        line("RGB8", before, np.asarray(Image.fromarray(before).resize((to_width, to_height), Image.BILINEAR)))
        before = random.integers(0, 256, (height, width), np.uint8)
        line("GREY8", before, np.asarray(Image.fromarray(before).resize((to_width, to_height), Image.BILINEAR)))
        before = random.integers(0, 65536, (height, width), np.uint16)
        # Pillow resizes single floats with the same filter; its own 16 bits lose their low byte.
        floats = Image.fromarray(before.astype(np.float32)).resize((to_width, to_height), Image.BILINEAR)
        line("GREY16", before, np.rint(np.asarray(floats)).astype("<u2"))
    (OUT / "resized.txt").write_text("\n".join(lines) + "\n")


shutil.rmtree(OUT, ignore_errors=True)
OUT.mkdir(parents=True)
for make in (jpegs, pngs, webps, gifs, bmps, tiffs, resized):
    make()
(OUT / "expected.txt").write_text("\n".join(LINES) + "\n")
total = sum(file.stat().st_size for file in OUT.iterdir())
print(len(LINES), "decodings,", len(list(OUT.iterdir())), "files,", total, "bytes")
