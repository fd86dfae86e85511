using OnnxViz;
using OnnxViz.Maximize;
using OnnxViz.Models;
using OnnxViz.Saliency.Methods;

// MODEL.onnx PICTURE [LAYER]: what the network sees, why, what a layer makes of it and what one of its units looks for.
using var net = VisionModel.Open(args[0]);
var layer = args.Length > 2 ? args[2] : net.Layers.Layers[net.Layers.Layers.Count / 2].Name;
foreach (var seen in net.Predict(args[1])) Console.WriteLine($"{seen.Probability:0.000} {seen.Name ?? $"class {seen.Class}"}");
var why = net.Explain(args[1], new GradCam());
why.Overlay().Save("why.png");
Console.WriteLine($"why.png: the score {why.Score:0.00}, made of a map of {why.Attribution}");
net.Activations(args[1], layer).Save("activations.png");
net.Maximize(layer, unit: 0, new MaximizeOptions { Steps = 64 }).Picture.Save("unit.png");
Console.WriteLine($"Wrote why.png, activations.png and unit.png ({layer}).");
