// run-onnx.js: images through an ONNX model by onnxruntime: one line of JSON, the logits.
//
//     node run-onnx.js FOLDER_OF_ONNXRUNTIME MODEL.onnx IMAGES.f32 N C H W
const fs = require('fs');
const path = require('path');
const [folder, model, images, ...shape] = process.argv.slice(2);
const ort = require(require.resolve('onnxruntime-node', { paths: [path.resolve(folder)] }));

async function main() {
  const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1 });
  const bytes = fs.readFileSync(images);
  const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const results = await session.run({ images: new ort.Tensor('float32', values, shape.map(Number)) });
  console.log(JSON.stringify({ dims: results.logits.dims, data: Array.from(results.logits.data) }));
}

main().catch((error) => {
  console.error(String(error));
  process.exit(1);
});
