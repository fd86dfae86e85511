// npm start -- DIR: serves this page, ONNX Runtime's files and the prepared folder DIR as /model/, on this machine only.
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, resolve } from 'node:path';

const here = import.meta.dirname;
const roots = { model: resolve(process.argv[2] ?? 'prepared'), ort: join(here, 'node_modules/onnxruntime-web/dist'), '': here };
const types = { '.html': 'text/html', '.mjs': 'text/javascript', '.json': 'application/json', '.wasm': 'application/wasm', '.png': 'image/png' };

createServer((request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname)).slice(1) || 'index.html';
  const [first, ...rest] = path.split('/');
  const file = first && rest.length > 0 && first in roots ? join(roots[first], ...rest) : join(here, path);
  const isFile = rest.length <= 1 && (first in roots || ['index.html', 'app.mjs'].includes(path)) && statSync(file, { throwIfNoEntry: false })?.isFile();
  if (!isFile) return response.writeHead(404).end();
  // These two headers let the page use several threads.
  response.writeHead(200, {
    'Content-Type': types[extname(file)] ?? 'application/octet-stream',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
  });
  createReadStream(file).pipe(response);
}).listen(Number(process.env.PORT ?? 8080), '127.0.0.1', function () {
  console.log(`http://localhost:${this.address().port}/ shows ${roots.model}`);
});
