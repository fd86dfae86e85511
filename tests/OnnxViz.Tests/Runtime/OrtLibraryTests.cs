using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace OnnxViz.Tests.Runtime;

public class OrtLibraryTests
{
    // y = Relu(x), float[3], opset 13, written out byte by byte: this must not depend on any of our own code.
    private static readonly byte[] ReluModel =
    [
        0x08, 0x08, 0x3a, 0x33,
        0x0a, 0x0c, 0x0a, 0x01, (byte)'x', 0x12, 0x01, (byte)'y', 0x22, 0x04, (byte)'R', (byte)'e', (byte)'l', (byte)'u',
        0x12, 0x01, (byte)'g',
        0x5a, 0x0f, 0x0a, 0x01, (byte)'x', 0x12, 0x0a, 0x0a, 0x08, 0x08, 0x01, 0x12, 0x04, 0x0a, 0x02, 0x08, 0x03,
        0x62, 0x0f, 0x0a, 0x01, (byte)'y', 0x12, 0x0a, 0x0a, 0x08, 0x08, 0x01, 0x12, 0x04, 0x0a, 0x02, 0x08, 0x03,
        0x42, 0x02, 0x10, 0x0d,
    ];

    [Fact]
    public void The_native_library_loads_and_runs_a_model()
    {
        using var session = new InferenceSession(ReluModel);
        using var x = OrtValue.CreateTensorValueFromMemory(new float[] { -1, 0, 2 }, [3]);
        using var results = session.Run(new RunOptions(), ["x"], [x], ["y"]);
        Assert.Equal([0f, 0f, 2f], results[0].GetTensorDataAsSpan<float>().ToArray());
    }
}
