using OnnxViz.Runtime;
using Xunit;

namespace OnnxViz.Tests.Support;

/// <summary>The first GPU, for tests that are skipped where there is none.</summary>
internal static class Cuda
{
    public static Device Required()
    {
        var cuda = OrtLibrary.Describe().Cuda;
        Skip.IfNot(cuda.Works, $"CUDA does not work here: {cuda.Error}");
        return new Device(DeviceKind.Cuda, 0);
    }
}
