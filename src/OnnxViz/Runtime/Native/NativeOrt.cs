using System.Runtime.InteropServices;

namespace OnnxViz.Runtime.Native;

/// <summary>A native ONNX Runtime library that was loaded from a path the user gave.</summary>
/// <param name="Path">The file, absolute.</param>
/// <param name="Version">What it says of itself.</param>
/// <param name="Handle">The loader's handle; never freed.</param>
internal sealed record NativeOrt(string Path, Version Version, nint Handle)
{
    /// <summary>Emitted graphs have operators of opset 20 and files of IR version 9, which came with it.</summary>
    private static readonly Version Oldest = new(1, 17);

    /// <summary>Where the table of functions is as long as the C# API's; before it <see cref="OlderOrt"/> helps.</summary>
    private static readonly Version Whole = new(1, OlderOrt.Whole);

    /// <exception cref="OnnxVizException">There is no such file, it does not load, is no ONNX Runtime or too old a one.</exception>
    public static NativeOrt Load(string path)
    {
        var file = Find(path);
        nint handle;
        try
        {
            handle = NativeLibrary.Load(file);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            // The system's own reason is the last line, behind advice for programmers.
            throw OnnxVizException.Input($"'{file}' does not load as a native library: {e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].Trim()}", e);
        }

        if (!NativeLibrary.TryGetExport(handle, "OrtGetApiBase", out var entry))
        {
            NativeLibrary.Free(handle);
            throw OnnxVizException.Input($"'{file}' is a native library but no ONNX Runtime: it lacks OrtGetApiBase.");
        }

        var text = ReadVersion(entry);
        var version = Check(text, file);
        if (version < Whole) Lengthen(entry, version, text, file);
        return new NativeOrt(file, version, handle);
    }

    /// <summary>The library in a folder, or null.</summary>
    public static string? FindIn(string folder)
    {
        var (exact, pattern) = OperatingSystem.IsWindows() ? ("onnxruntime.dll", "onnxruntime.dll")
            : OperatingSystem.IsMacOS() ? ("libonnxruntime.dylib", "libonnxruntime.*.dylib")
            : ("libonnxruntime.so", "libonnxruntime.so.*");
        var file = System.IO.Path.Combine(folder, exact);
        if (File.Exists(file)) return file;
        return Directory.Exists(folder) ? Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal).LastOrDefault() : null;
    }

    /// <summary>Refuses what the C# API cannot use.</summary>
    internal static Version Check(string text, string file)
    {
        // Such as 1.29.0 or 1.24.0-dev.
        if (!Version.TryParse(text.Split('-', '+')[0], out var version))
            throw OnnxVizException.Input($"'{file}' says that it is ONNX Runtime '{text}', which is no version.");
        if (version < Oldest)
            throw OnnxVizException.Input($"'{file}' is ONNX Runtime {text}, which is too old: {Oldest} or newer is needed.");
        return version;
    }

    private static string Find(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        if (File.Exists(full)) return full;
        if (!Directory.Exists(full))
            throw OnnxVizException.Input($"There is no ONNX Runtime library at '{full}', which the program or {OrtLibrary.Variable} names.", argument: nameof(OrtLibrary));
        return FindIn(full) ?? FindIn(System.IO.Path.Combine(full, "lib"))
            ?? throw OnnxVizException.Input($"The folder '{full}', which the program or {OrtLibrary.Variable} names, holds no ONNX Runtime library.", argument: nameof(OrtLibrary));
    }

    // struct OrtApiBase { GetApi; GetVersionString; } of onnxruntime_c_api.h.
    private static unsafe nint* ApiBase(nint entry) => ((delegate* unmanaged<nint*>)entry)();

    private static unsafe string ReadVersion(nint entry)
    {
        // Asking GetApi for too much would print to stderr.
        var text = ((delegate* unmanaged<nint>)ApiBase(entry)[1])();
        return Marshal.PtrToStringUTF8(text) ?? "";
    }

    private static unsafe void Lengthen(nint entry, Version version, string text, string file)
    {
        // What was built before a release has the functions of the one before for certain.
        if (!OlderOrt.Lengthen(ApiBase(entry), text.Contains('-', StringComparison.Ordinal) ? version.Minor - 1 : version.Minor, text))
            throw OnnxVizException.Input($"'{file}' is ONNX Runtime {text}, which does not work on this system: {Whole} or newer is needed.");
    }
}
