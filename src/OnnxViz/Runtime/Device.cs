using System.Globalization;

namespace OnnxViz.Runtime;

/// <summary>Execution providers of ONNX Runtime.</summary>
public enum DeviceKind
{
    Cpu,
    Cuda,
}

/// <summary>Where graphs run.</summary>
/// <param name="Kind">The execution provider.</param>
/// <param name="Index">Number of the GPU; 0 on CPU.</param>
public readonly record struct Device(DeviceKind Kind, int Index)
{
    public static Device Cpu { get; } = new(DeviceKind.Cpu, 0);

    /// <summary>The first GPU by CUDA; whether that works is found out when a graph is loaded.</summary>
    public static Device Cuda { get; } = new(DeviceKind.Cuda, 0);

    /// <summary>The first GPU where CUDA works, else the CPU. Asking starts ONNX Runtime.</summary>
    /// <exception cref="OnnxVizException">There is no native ONNX Runtime.</exception>
    public static Device Auto => CudaReport.WhyNot(0) is null ? Cuda : Cpu;

    /// <summary>"auto" (CUDA where it works, CPU otherwise), "cpu", "cuda" or "cuda:N".</summary>
    /// <exception cref="OnnxVizException">Another text, or CUDA is asked for and this ONNX Runtime has none.</exception>
    public static Device Parse(string text)
    {
        var parts = text.ToLowerInvariant().Split(':');
        var index = 0;
        if (parts.Length > 2 || (parts.Length == 2 && (parts[0] != "cuda" || !int.TryParse(parts[1], out index) || index < 0)))
            throw Unknown();
        switch (parts[0])
        {
            case "cpu": return Cpu;
            case "auto": return Auto;
            case "cuda" when HasCuda(): return new Device(DeviceKind.Cuda, index);
            case "cuda":
                throw OnnxVizException.BadArgument(nameof(Device), "cuda: this ONNX Runtime was built without CUDA.");
            default: throw Unknown();
        }

        OnnxVizException Unknown() => OnnxVizException.BadArgument(nameof(Device), $"'{text}' is unknown: auto, cpu, cuda or cuda:N.");
    }

    /// <summary>The same, or several GPUs that share the work: "cuda:0,1".</summary>
    /// <exception cref="OnnxVizException">As of <see cref="Parse"/>, or a GPU is named twice.</exception>
    public static IReadOnlyList<Device> ParseAll(string text)
    {
        var numbers = text.Split(',');
        if (numbers.Length == 1) return [Parse(text)];
        return numbers[0].StartsWith("cuda:", StringComparison.Ordinal) && numbers.Skip(1).All(n => int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            && numbers.Select((n, i) => Parse(i == 0 ? n : $"cuda:{n}")).ToArray() is var devices && devices.Distinct().Count() == devices.Length
            ? devices
            : throw OnnxVizException.BadArgument(nameof(Device), $"'{text}' is unknown: auto, cpu, cuda, cuda:N or, of several, cuda:N,M.");
    }

    public override string ToString() => Kind == DeviceKind.Cpu ? "cpu" : $"cuda:{Index}";

    private static bool HasCuda() => OrtLibrary.Start().GetAvailableProviders().Contains("CUDAExecutionProvider");
}
