using Microsoft.ML.OnnxRuntime;

namespace OnnxViz.Runtime;

/// <summary>Inputs of a graph that stay where ONNX Runtime reads them, to be written over from run to run: nothing is allocated for them again.</summary>
/// <param name="first">A tensor for each input of the graph, by name.</param>
internal sealed class HeldInputs(IReadOnlyDictionary<string, Tensor> first) : IDisposable
{
    public IReadOnlyDictionary<string, OrtValue> Values { get; } = first.ToDictionary(i => i.Key, i => OrtTensors.ToOrtValue(i.Value));

    /// <summary>The elements of a float32 input.</summary>
    public Span<float> Floats(string input) => Values[input].GetTensorMutableDataAsSpan<float>();

    public void Dispose()
    {
        foreach (var value in Values.Values) value.Dispose();
    }
}
