// NumPy's .npy, version 1, float32 in C order: what `onnxviz --raw` writes and `--input-tensor` reads.
import { readFileSync, writeFileSync } from 'node:fs';

export function readNpy(file) {
  const bytes = readFileSync(file);
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, start);
  if (!header.includes("'<f4'") || header.includes("'fortran_order': True")) throw new Error(`${file} does not hold float32 in C order`);
  const dims = header.match(/'shape': \(([^)]*)\)/)[1].split(',').map(Number).filter(d => d > 0);
  return { dims, data: new Float32Array(bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length)) };
}

export function writeNpy(file, { dims, data }) {
  const shape = `(${dims.join(', ')}${dims.length === 1 ? ',' : ''})`;
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`;
  const padded = header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11) + '\n';
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, padded.length & 255, padded.length >> 8]);
  writeFileSync(file, Buffer.concat([start, Buffer.from(padded, 'latin1'), Buffer.from(data.buffer, data.byteOffset, data.byteLength)]));
}
