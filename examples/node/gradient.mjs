// node gradient.mjs DIR PICTURE.npy OUT.npy [LAYER] [UNIT] [RULE]: d score / d picture, from a folder that `onnxviz prepare` wrote.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ort from 'onnxruntime-node';
import { readNpy, writeNpy } from './npy.mjs';

const [folder, picture, out, layer, wanted = 'top', rule = 'default'] = process.argv.slice(2);
const model = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'));
const prepared = model.gradients.find(g => (!layer || g.layer === layer) && g.rule === rule);
if (!prepared) throw new Error(`not prepared: ${layer} by ${rule}; there are ${model.gradients.map(g => `${g.layer} by ${g.rule}`).join(', ')}`);
const load = file => ort.InferenceSession.create(join(folder, file));

// The activation says how large the seed has to be, and which class is the highest.
const { dims, data } = readNpy(picture);
const image = new ort.Tensor('float32', data, dims);
const { output } = model.layers.find(l => l.tensor === prepared.tensor);
const activation = (await (await load(model.forward.file)).run({ image }, [output]))[output];
const [rows, units, ...space] = activation.dims;
const positions = space.reduce((product, side) => product * side, 1);
const score = (row, unit) => activation.data.subarray((row * units + unit) * positions).slice(0, positions).reduce((sum, a) => sum + a, 0) / positions;

// The seed is d score / d activation; the score is the mean of the unit's map, or simply the class's number.
const seed = new ort.Tensor('float32', new Float32Array(activation.data.length), activation.dims);
for (let row = 0; row < rows; row++) {
  const highest = () => [...Array(units).keys()].reduce((best, unit) => (score(row, unit) > score(row, best) ? unit : best));
  const unit = wanted === 'top' ? highest() : Number(wanted);
  seed.data.fill(1 / positions, (row * units + unit) * positions, (row * units + unit + 1) * positions);
  console.log(`${prepared.layer} ${model.labels?.[unit] ?? unit}: ${score(row, unit).toFixed(4)}`);
}

const { gradient } = await (await load(prepared.graph.file)).run({ image, seed }, ['gradient']);
writeNpy(out, gradient);
