using OnnxViz;
using OnnxViz.Graphs;
using OnnxViz.Imaging;
using OnnxViz.Imaging.Files;
using OnnxViz.Models;
using OnnxViz.Runtime;

// MODEL.onnx PICTURE [LAYER]: what the network sees, what a layer makes of it, and what its score depends on.
using var net = VisionModel.Open(args[0]);
var layer = args.Length > 2 ? args[2] : net.Layers.Layers[net.Layers.Layers.Count / 2].Name;
foreach (var seen in net.Predict(args[1])) Console.WriteLine($"{seen.Probability:0.000} {seen.Name ?? $"class {seen.Class}"}");
net.Activations(args[1], layer).Save("activations.png");
net.Deconv(args[1], layer, unit: 0).Save("deconv.png");

// The gradient of one score by a graph of one's own, as a map of its size in each pixel.
using var session = new Session(net.GradientGraph(), new RuntimeOptions(Device.Auto));
var input = net.ToTensor([net.Conventions.Frame(ImageFile.Load(args[1]))]);
var seed = new float[net.Labels?.Count ?? 1000];
seed[net.Predict(args[1])[0].Class] = 1;
var gradient = session.Run(new Dictionary<string, Tensor> { ["image"] = input, ["seed"] = Tensor.Of(seed, 1, seed.Length) })["gradient"].ToFloats();
var (width, height, pixels) = (net.Conventions.Width, net.Conventions.Height, net.Conventions.Width * net.Conventions.Height);
float[] map = [.. Enumerable.Range(0, pixels).Select(i => Enumerable.Range(0, 3).Max(c => Math.Abs(gradient[(c * pixels) + i])))];
ColorMap.Viridis.Apply(map, width, height, MapRange.Positive(map)).Save("gradient.png");
Console.WriteLine($"Wrote activations.png, deconv.png ({layer}) and gradient.png.");
