using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace OnnxViz.Cli.Shared;

/// <summary>Vector instructions of the processor: pictures from machines that differ in them may differ in rounding.</summary>
internal static class CpuFeatures
{
    public static IReadOnlyList<string> Present()
    {
        (string Name, bool IsHere)[] all =
        [
            ("SSE4.2", Sse42.IsSupported), ("AVX", Avx.IsSupported), ("AVX2", Avx2.IsSupported), ("FMA", Fma.IsSupported),
            ("AVX-512F", Avx512F.IsSupported), ("AVX-VNNI", AvxVnni.IsSupported), ("NEON", AdvSimd.IsSupported), ("dot product", Dp.IsSupported),
        ];
        return [.. all.Where(f => f.IsHere).Select(f => f.Name)];
    }
}
