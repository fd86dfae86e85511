// Loads a prepared folder from /model/, and for a picture shows |d score / d picture|, the largest over the colours.
import * as ort from './ort/ort.wasm.min.mjs';

ort.env.wasm.wasmPaths = new URL('./ort/', import.meta.url).href;
const $ = id => document.getElementById(id);
const fetched = async file => new Uint8Array(await (await fetch(`model/${file}`)).arrayBuffer());
const model = await (await fetch('model/model.json')).json();
const externalData = model.weights ? [{ path: model.weights.file, data: await fetched(model.weights.file) }] : [];
const sessions = {};
const session = async file => (sessions[file] ??= await ort.InferenceSession.create(await fetched(file), { externalData }));
const { input, mean, std, picture: size } = model.preprocessing;

for (const g of model.gradients) $('gradient').add(new Option(`${g.layer}, ${g.rule}`));
$('status').textContent = `Choose a picture (${model.source.file}).`;
$('file').onchange = $('gradient').onchange = async () => {
  const [file] = $('file').files;
  if (file) await show(await createImageBitmap(file));
};

// For a link that shows something at once: ?picture=URL, and #raw to have the gradient in the page as text.
const given = new URLSearchParams(location.search).get('picture');
if (given) await show(await createImageBitmap(await (await fetch(given)).blob()));

/** The model's input: short side resized and the middle cropped, or both sides stretched; x = (low + v/255 (high - low) - mean) / std. */
function toTensor(bitmap) {
  const { width, height } = Object.assign($('picture'), { width: size.width, height: size.height });
  const canvas = $('picture').getContext('2d', { willReadFrequently: true });
  const crops = size.resize === 'short-side';
  const scale = crops ? Math.max(size.short_side, width, height) / Math.min(bitmap.width, bitmap.height) : 0;
  const [w, h] = crops ? [Math.round(bitmap.width * scale), Math.round(bitmap.height * scale)] : [width, height];
  canvas.imageSmoothingQuality = 'high';
  canvas.drawImage(bitmap, -Math.floor((w - width) / 2), -Math.floor((h - height) / 2), w, h);
  const { data } = canvas.getImageData(0, 0, width, height);
  const order = input.color === 'bgr' ? [2, 1, 0] : [0, 1, 2];
  const [low, high] = input.range;
  const channels = mean.length;
  const x = new Float32Array(channels * width * height);
  for (let p = 0; p < width * height; p++) {
    for (let c = 0; c < channels; c++) {
      const v = channels === 1 ? 0.299 * data[4 * p] + 0.587 * data[4 * p + 1] + 0.114 * data[4 * p + 2] : data[4 * p + order[c]];
      x[at(c, p)] = (low + (v / 255) * (high - low) - mean[c]) / std[c];
    }
  }
  return new ort.Tensor('float32', x, input.layout === 'nhwc' ? [1, height, width, channels] : [1, channels, height, width]);
}

function at(channel, pixel) {
  return input.layout === 'nhwc' ? pixel * mean.length + channel : channel * size.width * size.height + pixel;
}

async function show(bitmap) {
  const prepared = model.gradients[$('gradient').selectedIndex];
  const { output } = model.layers.find(l => l.tensor === prepared.tensor);
  const image = toTensor(bitmap);
  $('status').textContent = 'Computing…';
  const started = performance.now();
  const activation = (await (await session(model.forward.file)).run({ image }, [output]))[output];

  // The score is the mean of the strongest unit's map, or simply the highest class's number; the seed is its gradient.
  const [, units, ...space] = activation.dims;
  const positions = space.reduce((product, side) => product * side, 1);
  const scores = Array.from({ length: units }, (_, u) => activation.data.slice(u * positions, (u + 1) * positions).reduce((sum, a) => sum + a, 0) / positions);
  const unit = scores.indexOf(Math.max(...scores));
  const seed = new ort.Tensor('float32', new Float32Array(activation.data.length), activation.dims);
  seed.data.fill(1 / positions, unit * positions, (unit + 1) * positions);
  const { gradient } = await (await session(prepared.graph.file)).run({ image, seed }, ['gradient']);
  draw(gradient.data);
  $('status').textContent = `${model.labels?.[unit] ?? `${prepared.layer} ${unit}`}: ${scores[unit].toFixed(4)} (${Math.round(performance.now() - started)} ms)`;
  if (location.hash === '#raw') document.body.append(Object.assign(document.createElement('pre'), { id: 'raw', textContent: gradient.data.join(' ') }));
}

function draw(gradient) {
  const { width, height } = Object.assign($('map'), { width: size.width, height: size.height });
  const largest = new Float32Array(width * height);
  for (let p = 0; p < largest.length; p++) for (let c = 0; c < mean.length; c++) largest[p] = Math.max(largest[p], Math.abs(gradient[at(c, p)]));
  const white = largest.slice().sort()[Math.floor(0.99 * largest.length)] || 1;
  const pixels = new ImageData(width, height);
  largest.forEach((v, p) => pixels.data.set([255, 255, 255, 255].map((full, i) => (i < 3 ? Math.min(1, v / white) * full : full)), 4 * p));
  $('map').getContext('2d').putImageData(pixels, 0, 0);
}
