namespace OnnxViz.Runs;

/// <summary>A model that a training run left: the network as it was at one step.</summary>
/// <param name="Name">What it is called in its run: "3" after the third epoch, "0" before training, "s100" after 100 steps.</param>
/// <param name="Path">Of the .onnx file.</param>
/// <param name="Step">Steps from the beginning of the run.</param>
/// <param name="Epoch">Whole epochs; null for a model from within one.</param>
internal sealed record RunModel(string Name, string Path, long Step, int? Epoch);
