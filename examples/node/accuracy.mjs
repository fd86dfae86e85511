// node accuracy.mjs MODEL.onnx PICTURES LABELS MEAN STD: how many pictures of a test set (IDX files, .gz or plain) a model that `onnxviz train` made tells right.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import ort from 'onnxruntime-node';

const [model, pictures, labels, mean, std] = process.argv.slice(2);
const idx = file => {
  const bytes = file.endsWith('.gz') ? gunzipSync(readFileSync(file)) : readFileSync(file);
  const dims = Array.from({ length: bytes[3] }, (_, i) => bytes.readUInt32BE(4 + 4 * i));
  return { dims, data: bytes.subarray(4 + 4 * dims.length) };
};
const [x, y] = [idx(pictures), idx(labels)];
const [count, height, width] = x.dims;
const session = await ort.InferenceSession.create(model);

const batch = 100;
let right = 0;
for (let first = 0; first < count; first += batch) {
  const rows = Math.min(batch, count - first);
  const values = Float32Array.from(x.data.subarray(first * height * width, (first + rows) * height * width), v => (v / 255 - Number(mean)) / Number(std));
  const scores = Object.values(await session.run({ [session.inputNames[0]]: new ort.Tensor('float32', values, [rows, 1, height, width]) }))[0];
  const classes = scores.dims[1];
  for (let row = 0; row < rows; row++) {
    const own = scores.data.subarray(row * classes, (row + 1) * classes);
    if (own.indexOf(Math.max(...own)) === y.data[first + row]) right++;
  }
}

console.log(JSON.stringify({ right, count, accuracy: right / count }));
