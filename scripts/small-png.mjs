// Makes a screenshot small: a PNG with at most 256 colours in a palette instead of three bytes a pixel. An interface has
// few colours and many shades where text meets them: rare shades become the nearest chosen ones, which nobody sees.
// Reads what browsers write (8 bits a channel, RGB or RGBA, opaque, not interlaced).
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const PALETTE_SIZE = 256;
const CHANNELS = { 2: 3, 6: 4 };

/** The same picture as a palette PNG. */
export function smallPng(png) {
  const { width, height, pixels } = decode(png);
  const { palette, indexOf } = paletteOf(pixels);
  const rows = Buffer.alloc(height * (width + 1));
  // Each row begins with its filter, 0: indices of a palette gain nothing by one.
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = indexOf.get(pixels[y * width + x]);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8);
  const colours = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  const data = deflateSync(rows, { level: 9, memLevel: 9 });
  return Buffer.concat([
    SIGNATURE,
    ...[
      ['IHDR', header],
      ['PLTE', colours],
      ['IDAT', data],
      ['IEND', Buffer.alloc(0)],
    ].map(chunk),
  ]);
}

function chunk([type, body]) {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length, 0);
  head.write(type, 4, 'latin1');
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body, crc32(head.subarray(4))), 0);
  return Buffer.concat([head, body, check]);
}

/** Pixels as numbers 0xrrggbb, row by row. */
function decode(png) {
  const data = [];
  let header;
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') header = body;
    if (type === 'IDAT') data.push(body);
    at += length + 12;
  }
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const channels = CHANNELS[header[9]];
  if (header[8] !== 8 || !channels || header[12] !== 0) throw new Error('This PNG is not one a browser writes.');
  const raw = inflateSync(Buffer.concat(data));
  const stride = width * channels;
  const pixels = new Uint32Array(width * height);
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const row = unfiltered(raw.subarray(y * (stride + 1), (y + 1) * (stride + 1)), above, channels);
    for (let x = 0; x < width; x++) {
      const at = x * channels;
      pixels[y * width + x] = (row[at] << 16) | (row[at + 1] << 8) | row[at + 2];
    }
    above = row;
  }
  return { width, height, pixels };
}

/** A row as it was before its filter (PNG specification, 9.2). */
function unfiltered(line, above, channels) {
  const filter = line[0];
  const row = Uint8Array.from(line.subarray(1));
  for (let i = 0; i < row.length; i++) {
    const left = i >= channels ? row[i - channels] : 0;
    const corner = i >= channels ? above[i - channels] : 0;
    row[i] += [0, left, above[i], (left + above[i]) >> 1, paeth(left, above[i], corner)][filter];
  }
  return row;
}

function paeth(left, up, corner) {
  const [toLeft, toUp, toCorner] = [left, up, corner].map((value) => Math.abs(left + up - corner - value));
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/**
 * At most 256 colours, and for every colour the position of the nearest of them. Chosen one by one, always the colour
 * that is worst served so far: far from those chosen, and frequent. A small red mark keeps its red.
 */
function paletteOf(pixels) {
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const colours = [...counts.keys()];
  const nearest = colours.map(() => ({ distance: Number.POSITIVE_INFINITY, index: 0 }));
  const palette = [];
  while (palette.length < Math.min(PALETTE_SIZE, colours.length)) {
    const need = (i) => Math.min(nearest[i].distance, 1e6) * Math.sqrt(counts.get(colours[i]));
    const worst = colours.reduce((best, _, i) => (need(i) > need(best) ? i : best), 0);
    const chosen = colours[worst];
    colours.forEach((colour, i) => {
      const distance = squaredDistance(colour, chosen);
      if (distance < nearest[i].distance) nearest[i] = { distance, index: palette.length };
    });
    palette.push(chosen);
  }
  return { palette, indexOf: new Map(colours.map((colour, i) => [colour, nearest[i].index])) };
}

function squaredDistance(a, b) {
  const channel = (shift) => ((a >> shift) & 255) - ((b >> shift) & 255);
  return channel(16) ** 2 + channel(8) ** 2 + channel(0) ** 2;
}
